import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		'min-score': { kind: 'string', required: true },
		'sbom-artifact': { kind: 'string' },
	},
	outputs: ['version', 'release', 'score', 'artifact', 'artifact-digest'],
	releases: false,
} as const;
