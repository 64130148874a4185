import { PROJECT_INPUTS } from '@slipway/runner';

export const declaration = {
	inputs: {
		project: PROJECT_INPUTS.project,
		config: PROJECT_INPUTS.config,
		version: { kind: 'version' },
		operation: { kind: 'choice', values: ['release', 'continue', 'rollback', 'restore', 'abort'] },
		// JSON in as many lines as GitHub writes it in: a break stands between its tokens, never within one.
		jobs: { kind: 'list' },
		'comment-artifact': { kind: 'string' },
		'comment-digest': { kind: 'string' },
		token: PROJECT_INPUTS.token,
	},
	outputs: ['failed', 'state', 'issue', 'comment'],
	releases: false,
} as const;
