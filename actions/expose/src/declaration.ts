import { RECEIVING_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		version: { kind: 'version', required: true },
		'take-over': { kind: 'string' },
		'exposed-artifact': { kind: 'string' },
	},
	outputs: [...REPORT_OUTPUTS, 'artifact', 'artifact-digest'],
	releases: true,
} as const;
