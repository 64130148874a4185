import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		policy: { kind: 'string' },
		emergency: { kind: 'string' },
		'emergency-by': { kind: 'string' },
		claim: { kind: 'boolean' },
		'gated-artifact': { kind: 'string' },
	},
	outputs: ['version', 'release', 'verdict', 'report', 'sarif', 'artifact', 'artifact-digest'],
	releases: false,
	leaves: true,
} as const;
