/** By UTF-16 code units, on every machine alike: a locale's order is not. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** RFC 3339 without fractions: what both formats take. */
export const toTimestamp = (epoch: number): string =>
	new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
