import { randomUUID } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

const REPOSITORY = 'octo-org/octo-repo';
const REF = 'refs/tags/v1.0.0';
const COMMIT = 'a'.repeat(40);

export const toWorkflow = (file = 'release.yml'): string => `${REPOSITORY}/.github/workflows/${file}@${REF}`;

/** What certificates name as subject alternative name for a workflow of that file. */
export const toIdentity = (file?: string): string => `https://github.com/${toWorkflow(file)}`;

/** The claims that GitHub puts into the token of a run; `workflow` is the file that asks for it. */
export const toClaims = (issuer: string, workflow = toWorkflow()): Claims => {
	const now = Math.floor(Date.now() / 1000);
	return {
		iss: issuer,
		aud: 'sigstore',
		iat: now,
		nbf: now - 5,
		exp: now + 300,
		jti: randomUUID(),
		sub: `repo:${REPOSITORY}:ref:${REF}`,
		repository: REPOSITORY,
		repository_id: '1234567',
		repository_owner: 'octo-org',
		repository_owner_id: '7654321',
		repository_visibility: 'public',
		ref: REF,
		ref_type: 'tag',
		ref_protected: 'true',
		sha: COMMIT,
		workflow: 'release',
		workflow_ref: workflow,
		workflow_sha: COMMIT,
		job_workflow_ref: workflow,
		job_workflow_sha: COMMIT,
		event_name: 'push',
		actor: 'octocat',
		actor_id: '1',
		run_id: '42',
		run_number: '7',
		run_attempt: '1',
		runner_environment: 'github-hosted',
		base_ref: '',
		head_ref: '',
	};
};
