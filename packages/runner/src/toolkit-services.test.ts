// The runner's services, as GitHub's own clients of artifacts and caches see them.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, type FakeJob, isWhole, runStep, withFakeGitHub } from '@slipway/testing';

const runScene = async (github: FakeGitHub, scene: string, job?: FakeJob) => {
	const step = { inputs: { scene }, workspace: tmpdir(), environment: github.toEnvironment(job) };
	const main = join(import.meta.dirname, 'toolkit-services.fixture.ts');
	const { outputs, log } = await runStep({ ...step, main });
	return { ...JSON.parse(outputs.result ?? '{}'), log };
};

test('an artifact of two files: once by its name, listed, unpacked, deleted; and another run sees none of it', async () => {
	await withFakeGitHub(async (github) => {
		expect(await runScene(github, 'artifacts', { run: '7' })).toMatchObject({
			again: expect.stringContaining('409'),
			listed: [{ name: 'pair', id: 1, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }],
			digestMismatch: false,
			names: ['a.txt', 'b.txt'],
			text: 'content of a.txt',
			left: 0,
		});
		expect(await runScene(github, 'artifacts', { run: '8' })).toMatchObject({ id: 2, left: 0 });
	});
});

const MODES: readonly (readonly [string, Pick<FakeJob, 'cacheMode'>, object])[] = [
	[
		'write',
		{ cacheMode: 'write' },
		{ missed: 'undefined', saved: '1', again: '-1', hit: 'key-1', text: 'cached bytes', byPrefix: 'key-1' },
	],
	[
		'read',
		{ cacheMode: 'read' },
		{ missed: 'undefined', saved: '-1', hit: 'undefined', byPrefix: 'undefined' },
	],
	['none', { cacheMode: 'none' }, { missed: 'undefined', saved: '-1', hit: 'undefined', text: 'none' }],
];

test.each(isWhole() ? MODES : MODES.slice(0, 1))(
	'a cache under the mode %s',
	async (_name, job, expected) => {
		await withFakeGitHub(async (github) => {
			expect(await runScene(github, 'caches', job)).toMatchObject(expected);
			expect(github.caches.list()).toHaveLength(job.cacheMode === 'write' ? 1 : 0);
		});
	},
	900_000,
);

test('the service itself holds a token to its cache mode, whatever the client believes', async () => {
	await withFakeGitHub(async (github) => {
		for (const cacheMode of ['none', 'read'] as const) {
			const { ACTIONS_CACHE_MODE: _, ...environment } = github.toEnvironment({ cacheMode });
			const call = (method: string) =>
				fetch(`${github.origin}/twirp/github.actions.results.api.v1.CacheService/${method}`, {
					method: 'POST',
					headers: { authorization: `Bearer ${environment.ACTIONS_RUNTIME_TOKEN}` },
					body: JSON.stringify({ key: 'k', version: 'v' }),
				});
			expect((await call('CreateCacheEntry')).status).toBe(403);
			expect((await call('GetCacheEntryDownloadURL')).status).toBe(cacheMode === 'none' ? 403 : 200);
		}
	});
});
