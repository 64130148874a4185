// GitHub's own client of issues, settings, dispatches and attestations against the local GitHub API.
import { getOctokit } from '@actions/github';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';

let github: LocalGitHub;
let octokit: ReturnType<typeof getOctokit>;
const at = { owner: 'acme', repo: 'greet' };

beforeAll(async () => {
	github = await startGitHubApi();
	octokit = getOctokit(github.token, { baseUrl: github.origin });
});
afterAll(() => github.stop());

test('an issue is found by its label and author, kept up to date, closed and opened again', async () => {
	const { issues } = octokit.rest;
	const { data: made } = await issues.create({
		...at,
		title: 'A release failed',
		body: 'why',
		labels: ['release'],
	});
	await issues.create({ ...at, title: 'Something else' });
	github.repository().addPull({ title: 'Not an issue', labels: ['release'] });
	const { data: found } = await issues.listForRepo({ ...at, labels: 'release', creator: 'octocat' });
	expect(found.map(({ number }) => number)).toEqual([made.number]);
	expect(found[0]).toMatchObject({
		user: { login: 'octocat' },
		labels: [{ name: 'release' }],
		state: 'open',
	});
	await issues.update({ ...at, issue_number: made.number, state: 'closed', state_reason: 'completed' });
	const { data: closed } = await issues.listForRepo({ ...at, state: 'closed' });
	expect(closed).toMatchObject([{ number: made.number, state_reason: 'completed' }]);
	const { data: again } = await issues.update({ ...at, issue_number: made.number, state: 'open' });
	expect(again).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
});

test('a list of many pages is read to its end', async () => {
	for (let number = 0; number < 35; number += 1)
		await octokit.rest.issues.createComment({ ...at, issue_number: 1, body: `comment ${number}` });
	const all = await octokit.paginate(octokit.rest.issues.listComments, {
		...at,
		issue_number: 1,
		per_page: 10,
	});
	expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 35 }, (_, number) => `comment ${number}`));
	const [first] = all;
	await octokit.rest.issues.updateComment({ ...at, comment_id: first?.id ?? 0, body: 'changed' });
	const { data } = await octokit.rest.issues.getComment({ ...at, comment_id: first?.id ?? 0 });
	expect(data.body).toBe('changed');
});

test('environments with what holds a job up, and rules of tags', async () => {
	const repository = github.repository();
	repository.addEnvironment({
		name: 'npm',
		branchPolicy: 'custom',
		policies: [{ id: 1, name: 'v*', type: 'tag' }],
		reviewers: [{ type: 'User', login: 'ada' }],
	});
	repository.addRuleset({ target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'deletion' }] });
	const { repos } = octokit.rest;
	const { data } = await repos.getEnvironment({ ...at, environment_name: 'npm' });
	expect(data.protection_rules?.map(({ type }) => type)).toEqual(['required_reviewers', 'branch_policy']);
	expect(data.deployment_branch_policy).toEqual({ protected_branches: false, custom_branch_policies: true });
	const policies = await repos.listDeploymentBranchPolicies({ ...at, environment_name: 'npm' });
	expect(policies.data.branch_policies).toMatchObject([{ name: 'v*', type: 'tag' }]);
	const { data: rulesets } = await repos.getRepoRulesets({ ...at, targets: 'tag' });
	const { data: ruleset } = await repos.getRepoRuleset({ ...at, ruleset_id: rulesets[0]?.id ?? 0 });
	expect(ruleset).toMatchObject({
		conditions: { ref_name: { include: ['refs/tags/v*'] } },
		enforcement: 'active',
	});
	await expect(repos.getEnvironment({ ...at, environment_name: 'none' })).rejects.toMatchObject({
		status: 404,
	});
});

test('settings: what is not on is not found', async () => {
	const ask = (path: string) => octokit.request(`GET /repos/{owner}/{repo}/${path}`, at);
	for (const path of ['pages', 'immutable-releases', 'branches/main/protection'])
		await expect(ask(path)).rejects.toMatchObject({ status: 404 });
	const repository = github.repository();
	repository.protectBranch('main');
	Object.assign(repository.state.settings, {
		immutableReleases: true,
		pages: { branch: 'apt', path: '/', type: 'legacy' },
	});
	expect((await ask('pages')).data).toMatchObject({
		source: { branch: 'apt', path: '/' },
		build_type: 'legacy',
	});
	expect((await ask('immutable-releases')).data).toEqual({ enabled: true, enforced_by_owner: false });
	expect((await ask('branches/main')).data).toMatchObject({ name: 'main', protected: true });
	expect((await ask('actions/permissions/workflow')).data).toMatchObject({
		default_workflow_permissions: 'read',
	});
});

test('dispatches are kept: of the repository, and of a workflow that is there', async () => {
	const { repos, actions } = octokit.rest;
	await repos.createDispatchEvent({ ...at, event_type: 'released', client_payload: { version: '1.0.0' } });
	await repos.createOrUpdateFileContents({
		...at,
		path: '.github/workflows/release.yml',
		message: 'add',
		content: Buffer.from('on: workflow_dispatch\n').toString('base64'),
	});
	await actions.createWorkflowDispatch({
		...at,
		workflow_id: 'release.yml',
		ref: 'main',
		inputs: { operation: 'rollback' },
	});
	const none = actions.createWorkflowDispatch({ ...at, workflow_id: 'none.yml', ref: 'main' });
	await expect(none).rejects.toMatchObject({ status: 404 });
	const nowhere = actions.createWorkflowDispatch({ ...at, workflow_id: 'release.yml', ref: 'none' });
	await expect(nowhere).rejects.toMatchObject({ status: 422 });
	expect(github.repository().state.dispatches).toEqual([
		{ workflow: undefined, ref: undefined, eventType: 'released', payload: { version: '1.0.0' } },
		{ workflow: 'release.yml', ref: 'main', eventType: undefined, payload: { operation: 'rollback' } },
	]);
});

test('an attestation is stored with its bundle and found by the digest of its subject', async () => {
	const sha256 = 'a'.repeat(64);
	const statement = {
		subject: [{ name: 'x', digest: { sha256 } }],
		predicateType: 'https://slsa.dev/provenance/v1',
	};
	const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
	const bundle = { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: { payload } };
	const path = 'POST /repos/{owner}/{repo}/attestations';
	expect((await octokit.request(path, { ...at, bundle })).status).toBe(201);
	await expect(octokit.request(path, { ...at, bundle: {} })).rejects.toMatchObject({ status: 422 });
	const { data } = await octokit.request('GET /repos/{owner}/{repo}/attestations/{digest}', {
		...at,
		digest: `sha256:${sha256}`,
	});
	expect(data).toMatchObject({ attestations: [{ bundle }] });
});
