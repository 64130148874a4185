import { RECEIVING_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		version: { kind: 'version', required: true },
		'take-over': { kind: 'string' },
	},
	outputs: REPORT_OUTPUTS,
	releases: true,
} as const;
