/** How this program names itself in records. */
export const TOOL = { name: 'slipway', version: '0.1.0' } as const;
