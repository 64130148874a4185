import { RECEIVING_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		artifacts: { kind: 'list' },
		build: { kind: 'boolean' },
		'allow-build-with-credentials': { kind: 'boolean' },
		line: { kind: 'string' },
		'take-over': { kind: 'string' },
		emergency: { kind: 'string' },
	},
	outputs: REPORT_OUTPUTS,
	releases: true,
} as const;
