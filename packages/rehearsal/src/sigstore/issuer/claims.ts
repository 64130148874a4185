/** What a token says; null takes a default claim away. */
export type Claims = Readonly<Record<string, unknown>>;

const COMMIT = '5c4d1a2f0e6b7c8d9e0f1a2b3c4d5e6f70819203';

/** Claims of a run on a hosted runner that a pushed tag started, as GitHub's issuer names them. */
export const RUN_CLAIMS: Claims = {
	sub: 'repo:example/greet:ref:refs/tags/v1.0.0',
	aud: 'sigstore',
	repository: 'example/greet',
	repository_id: '1001',
	repository_owner: 'example',
	repository_owner_id: '2002',
	repository_visibility: 'public',
	ref: 'refs/tags/v1.0.0',
	ref_type: 'tag',
	sha: COMMIT,
	workflow: 'release',
	workflow_ref: 'example/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	workflow_sha: COMMIT,
	job_workflow_ref: 'example/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	job_workflow_sha: COMMIT,
	event_name: 'push',
	run_id: '3003',
	run_number: '7',
	run_attempt: '1',
	runner_environment: 'github-hosted',
	actor: 'octocat',
	actor_id: '4004',
};
