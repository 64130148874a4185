import { RECEIVING_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		version: { kind: 'version' },
		'take-over': { kind: 'string' },
		repoint: { kind: 'boolean' },
		'claimed-artifact': { kind: 'string' },
	},
	outputs: [...REPORT_OUTPUTS, 'types', 'release', 'artifact', 'artifact-digest'],
	releases: true,
	leaves: true,
} as const;
