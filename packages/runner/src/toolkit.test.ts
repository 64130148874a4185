// Our client of GitHub's services against GitHub's own, over one fake: each reads what the other wrote.
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findIdTokenService, requestIdToken } from '@slipway/http';
import { type FakeGitHub, runStep, VirtualClock, withFakeGitHub } from '@slipway/testing';
import { downloadArtifact, uploadArtifact } from './artifact.ts';
import { withRunnerContext } from './runner-context.ts';
import { toRunnerLog } from './runner-log.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const runToolkit = async (github: FakeGitHub, scene: string, text = ''): Promise<string | undefined> => {
	const step = { inputs: { scene, text }, workspace: tmpdir(), environment: github.environment };
	const result = await runStep({ ...step, main: join(import.meta.dirname, 'toolkit.fixture.ts') });
	return result.outputs.result;
};

const withOurs = <Result>(
	{ environment }: FakeGitHub,
	task: (access: Parameters<typeof uploadArtifact>[2]) => Promise<Result>,
): Promise<Result> =>
	withRunnerContext({ log: toRunnerLog(() => {}), environment }, (context) =>
		task({ environment, context: { ...context, clock: new VirtualClock() } }),
	);

test('it downloads what we uploaded', async () => {
	await withFakeGitHub(async (github) => {
		const { name } = await withOurs(github, (access) =>
			uploadArtifact('release.tar', Buffer.from('ours'), access),
		);
		expect(await runToolkit(github, 'download')).toBe(`${name} sha256:${sha256('ours')} ours`);
	});
});

test('we download what it uploaded', async () => {
	await withFakeGitHub(async (github) => {
		expect(await runToolkit(github, 'upload', 'theirs')).toBe(sha256('theirs'));
		const expected = { name: 'release.tar', sha256: sha256('theirs') };
		const bytes = await withOurs(github, (access) => downloadArtifact(expected, access));
		expect(Buffer.from(bytes).toString()).toBe('theirs');
	});
});

test('both get the same kind of ID token', async () => {
	const toClaims = (token = '') => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	await withFakeGitHub(async (github) => {
		const theirs = toClaims(await runToolkit(github, 'token', 'npm:example'));
		const service = findIdTokenService(github.environment);
		if (!service) throw new Error('expected the service in the environment of a job');
		const reply = await requestIdToken(service, 'npm:example');
		const ours = toClaims(reply.kind === 'token' ? reply.token : '');
		for (const claim of ['iat', 'nbf', 'exp', 'jti']) delete theirs[claim];
		expect(ours).toMatchObject(theirs);
	});
});

test.each([
	['a passing failure', { status: 503 }, 2, true],
	['a lost reply', 'reset', 1, true],
	['half a blob', 'truncate', 1, true],
	['a failure that stays', { status: 500 }, 9, false],
] as const)(
	'a download meets %s',
	async (_name, effect, times, success) => {
		await withFakeGitHub(async (github) => {
			await withOurs(github, (access) => uploadArtifact('release.tar', Buffer.from('the bytes'), access));
			github.misbehave({ path: /^\/blob\//, times, effect });
			const download = withOurs(github, (access) =>
				downloadArtifact({ name: 'release.tar', sha256: sha256('the bytes') }, access),
			);
			if (success) expect(Buffer.from(await download).toString()).toBe('the bytes');
			else await expect(download).rejects.toMatchObject({ code: 'RUNNER_ARTIFACT_FAILED' });
		});
	},
	900_000,
);

test('flipped bits are refused', async () => {
	await withFakeGitHub(async (github) => {
		await withOurs(github, (access) => uploadArtifact('release.tar', Buffer.from('the bytes'), access));
		github.misbehave({ path: /^\/blob\//, effect: 'corrupt' });
		const download = withOurs(github, (access) =>
			downloadArtifact({ name: 'release.tar', sha256: sha256('the bytes') }, access),
		);
		await expect(download).rejects.toMatchObject({ code: 'RUNNER_ARTIFACT_MISMATCH' });
	});
});
