import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		'comment-artifact': { kind: 'string' },
		cache: { kind: 'boolean' },
	},
	outputs: ['version', 'verdict', 'markdown', 'artifact', 'artifact-digest'],
	releases: false,
} as const;
