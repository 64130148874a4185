import { PROJECT_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		project: PROJECT_INPUTS.project,
		config: PROJECT_INPUTS.config,
		days: { kind: 'string', required: true },
		token: PROJECT_INPUTS.token,
	},
	outputs: ['findings', 'errors', 'issue'],
	releases: false,
} as const;
