import { RECEIVING_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...RECEIVING_INPUTS,
		file: { kind: 'string' },
		bundle: { kind: 'string' },
		package: { kind: 'string' },
		policy: { kind: 'string' },
		'trusted-root': { kind: 'string' },
		identity: { kind: 'string' },
		issuer: { kind: 'string' },
		consumer: { kind: 'boolean' },
		version: { kind: 'version' },
	},
	outputs: ['verified', 'json'],
	releases: false,
} as const;
