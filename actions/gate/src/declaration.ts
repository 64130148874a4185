import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		policy: { kind: 'string' },
		emergency: { kind: 'string' },
		'emergency-by': { kind: 'string' },
		'gated-artifact': { kind: 'string' },
	},
	outputs: ['version', 'release', 'verdict', 'report', 'sarif', 'artifact', 'artifact-digest'],
	releases: false,
} as const;
