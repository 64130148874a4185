// Generated from .github/workflows by `npm run generate`.
import type { Library } from './contract.ts';

/** Our reusable workflows as of this version. */
export const LIBRARY: Library = {
	name: 'slipway',
	workflows: {
		'.github/workflows/check.yml': {
			inputs: {
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runners: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				cache: { type: 'boolean', required: false },
			},
			secrets: {},
			outputs: ['comment', 'comment-digest'],
			permissions: { contents: 'read' },
			waits: false,
		},
		'.github/workflows/continue.yml': {
			inputs: {
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				version: { type: 'string', required: true },
				approval: { type: 'string', required: false },
				'npm-environment': { type: 'string', required: false },
				'take-over': { type: 'string', required: false },
				repoint: { type: 'boolean', required: false },
			},
			secrets: {
				'apt-signing-key': { required: false },
			},
			outputs: ['state'],
			permissions: {
				actions: 'read',
				contents: 'write',
				'id-token': 'write',
				issues: 'write',
			},
			waits: true,
		},
		'.github/workflows/publish.yml': {
			inputs: {
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				version: { type: 'string', required: true },
				artifact: { type: 'string', required: false },
				'artifact-digest': { type: 'string', required: false },
				approval: { type: 'string', required: false },
				'npm-environment': { type: 'string', required: false },
				'take-over': { type: 'string', required: false },
				repoint: { type: 'boolean', required: false },
			},
			secrets: {
				'apt-signing-key': { required: false },
			},
			outputs: ['state'],
			permissions: {
				actions: 'read',
				contents: 'write',
				'id-token': 'write',
				issues: 'write',
			},
			waits: true,
		},
		'.github/workflows/release.yml': {
			inputs: {
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runners: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				approval: { type: 'string', required: false },
				'npm-environment': { type: 'string', required: false },
				'take-over': { type: 'string', required: false },
				emergency: { type: 'string', required: false },
			},
			secrets: {
				'apt-signing-key': { required: false },
			},
			outputs: ['version', 'state'],
			permissions: {
				actions: 'read',
				attestations: 'write',
				contents: 'write',
				'id-token': 'write',
				issues: 'write',
			},
			waits: true,
		},
		'.github/workflows/rollback.yml': {
			inputs: {
				operation: { type: 'string', required: false },
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				version: { type: 'string', required: true },
				reason: { type: 'string', required: true },
				to: { type: 'string', required: false },
				'dry-run': { type: 'boolean', required: false },
				approval: { type: 'string', required: false },
				'npm-environment': { type: 'string', required: false },
				'take-over': { type: 'string', required: false },
			},
			secrets: {
				'apt-signing-key': { required: false },
				'npm-rollback-token': { required: false },
			},
			outputs: ['state'],
			permissions: {
				actions: 'read',
				contents: 'write',
				'id-token': 'write',
				issues: 'write',
			},
			waits: true,
		},
		'.github/workflows/watch.yml': {
			inputs: {
				project: { type: 'string', required: false },
				config: { type: 'string', required: false },
				runner: { type: 'string', required: false },
				days: { type: 'number', required: false },
			},
			secrets: {},
			outputs: ['findings'],
			permissions: { contents: 'read', issues: 'write' },
			waits: false,
		},
	},
};
