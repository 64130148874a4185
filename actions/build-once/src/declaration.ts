import { PROJECT_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...PROJECT_INPUTS,
		test: { kind: 'boolean' },
		reproduce: { kind: 'boolean' },
		claim: { kind: 'boolean' },
		artifact: { kind: 'string' },
	},
	outputs: ['version', 'release', 'manifest-digest', 'artifact', 'artifact-digest'],
	releases: false,
	leaves: true,
} as const;
