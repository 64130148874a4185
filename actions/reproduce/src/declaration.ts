import { PROJECT_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...PROJECT_INPUTS,
		part: { kind: 'string' },
		test: { kind: 'boolean' },
		artifact: { kind: 'string' },
	},
	outputs: ['version', 'release', 'reproducible', 'artifact', 'artifact-digest'],
	releases: false,
} as const;
