import { PROJECT_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		...PROJECT_INPUTS,
		operation: { kind: 'choice', values: ['rollback', 'restore', 'abort'] },
		version: { kind: 'version', required: true },
		reason: { kind: 'string', required: true },
		to: { kind: 'version' },
		'dry-run': { kind: 'boolean' },
		'npm-token': { kind: 'string', secret: true },
		'take-over': { kind: 'string' },
	},
	outputs: REPORT_OUTPUTS,
	releases: true,
} as const;
