import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		attest: { kind: 'boolean' },
		'signed-artifact': { kind: 'string' },
	},
	outputs: ['version', 'release', 'signer', 'bundles', 'artifact', 'artifact-digest'],
	releases: true,
} as const;
