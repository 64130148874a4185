import { PROJECT_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...PROJECT_INPUTS,
		test: { kind: 'boolean' },
		reproduce: { kind: 'boolean' },
		join: { kind: 'string' },
		built: { kind: 'string' },
		runners: { kind: 'string' },
		artifact: { kind: 'string' },
	},
	outputs: ['version', 'release', 'manifest-digest', 'artifact', 'artifact-digest'],
	releases: false,
} as const;
