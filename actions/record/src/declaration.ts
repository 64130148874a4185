import { PROJECT_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...PROJECT_INPUTS,
		version: { kind: 'version', required: true },
		outcomes: { kind: 'string' },
	},
	outputs: REPORT_OUTPUTS,
	releases: true,
} as const;
