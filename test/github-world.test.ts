// What one job stores another run finds, over two services that are one GitHub; in this process and as one of its own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHubWorld, startGitHubWorld } from './github-world.ts';

let world: GitHubWorld;

beforeAll(async () => {
	world = await startGitHubWorld({
		claims: ({ run, job }) => ({ repository: 'acme/greet', run_id: run, job }),
	});
});
afterAll(() => world.stop());

const call = async (method: string, body: object, environment: Readonly<Record<string, string>>) => {
	const service = 'twirp/github.actions.results.api.v1.ArtifactService';
	const reply = await fetch(`${environment.ACTIONS_RESULTS_URL}${service}/${method}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${environment.ACTIONS_RUNTIME_TOKEN}` },
		body: JSON.stringify(body),
	});
	return { status: reply.status, json: JSON.parse(await reply.text()) };
};

const upload = async (run: string, name: string, bytes: string): Promise<number> => {
	const environment = world.toEnvironment({ run, job: 'build' });
	const ids = { workflow_run_backend_id: run, workflow_job_run_backend_id: 'build', name };
	const created = await call('CreateArtifact', { ...ids, mime_type: 'text/plain', version: 7 }, environment);
	if (created.status !== 200) return created.status;
	await fetch(created.json.signed_upload_url, { method: 'PUT', body: bytes });
	const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
	return (await call('FinalizeArtifact', { ...ids, size: `${bytes.length}`, hash }, environment)).status;
};

const ask = (path: string, headers: Readonly<Record<string, string>> = {}) =>
	fetch(`${world.api.origin}/repos/acme/greet/${path}`, { headers, redirect: 'manual' });

const readJson = async (path: string) => JSON.parse(await (await ask(path)).text());

test('artifacts of a run are raw files that later runs find by name', async () => {
	expect(await upload('41', 'release.tar', 'first')).toBe(200);
	expect(await upload('41', 'release.tar', 'again')).toBe(409);
	expect(await upload('42', 'release.tar', 'second')).toBe(200);
	const all = await readJson('actions/artifacts?name=release.tar');
	expect(all.artifacts.map(({ workflow_run: run }: { workflow_run: { id: number } }) => run.id)).toEqual([
		42, 41,
	]);
	const [{ id, digest }] = (await readJson('actions/runs/41/artifacts')).artifacts;
	expect(digest).toBe(`sha256:${createHash('sha256').update('first').digest('hex')}`);
	expect((await ask(`actions/artifacts/${id}/zip`)).status).toBe(401);
	const reader = world.toEnvironment({ permissions: { actions: 'read' } }).GITHUB_TOKEN;
	const { headers } = await ask(`actions/artifacts/${id}/zip`, { authorization: `Bearer ${reader}` });
	expect(await (await fetch(headers.get('location') ?? '')).text()).toBe('first');
	world.runner.artifacts.clear('41');
	expect(await upload('41', 'release.tar', 'after all jobs ran again')).toBe(200);
});

test('a job sees its own run only', async () => {
	const environment = world.toEnvironment({ run: '7' });
	expect((await call('ListArtifacts', { workflow_run_backend_id: '42' }, environment)).status).toBe(403);
});

test('ID tokens are of one job, and of none that may not have them', async () => {
	const toToken = async ({ run, job }: { readonly run: string; readonly job: string }) => {
		const environment = world.toEnvironment({ run, job });
		const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
		const reply = await fetch(`${url}&audience=sigstore`, { headers: { authorization: `Bearer ${token}` } });
		const { value } = JSON.parse(await reply.text());
		return JSON.parse(Buffer.from(value.split('.')[1], 'base64url').toString());
	};
	expect(await toToken({ run: '1', job: 'sign' })).toMatchObject({
		aud: 'sigstore',
		run_id: '1',
		job: 'sign',
	});
	expect(await toToken({ run: '2', job: 'expose' })).toMatchObject({ run_id: '2', job: 'expose' });
	expect(world.toEnvironment({ claims: null })).not.toHaveProperty('ACTIONS_ID_TOKEN_REQUEST_URL');
});

test('addresses of blobs expire', async () => {
	const environment = world.toEnvironment({ run: '50' });
	const ids = { workflow_run_backend_id: '50', name: 'x' };
	const { json } = await call('CreateArtifact', ids, environment);
	world.runner.expireAddresses();
	expect((await fetch(json.signed_upload_url, { method: 'PUT', body: 'x' })).status).toBe(403);
});

test('as a process of its own it says where it is, and ends when it is told to', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'github-world-'));
	const file = join(folder, 'github.env');
	const child = spawn(process.execPath, [join(import.meta.dirname, 'github-world-child.ts'), file], {
		stdio: 'ignore',
	});
	while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 50));
	const [, origin] = /^GITHUB_API_URL=(.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
	expect((await fetch(`${origin}/repos/acme/greet`)).status).toBe(200);
	child.kill('SIGTERM');
	expect(await once(child, 'exit')).toEqual([0, null]);
	rmSync(folder, { recursive: true });
});
