// Every bundle, run the way GitHub's runner runs it, against a real registry, a real apt repository and a fake GitHub.
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, isWhole, type StepResult, testAtLength } from '@slipway/testing';
import { countUploads, expectFailure, expectSuccess, readIndex, readTags } from './actions-look.ts';
import { type ActionStep, type StartedWorld, startWorld } from './actions-world.ts';

/** For whom a JSON web token is; undefined for other text. */
const toAudience = (token: string): string | undefined =>
	token.startsWith('eyJ')
		? JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).aud
		: undefined;

/** What somebody may do to a Release between two jobs, and by what it is refused. */
const CHANGES: readonly (readonly [string, string, (release: string) => Promise<void>])[] = [
	[
		'its bytes',
		'RELEASE_ARTIFACT_CHANGED',
		async (release) => {
			for (const name of await readdir(join(release, 'artifacts'))) {
				const path = join(release, 'artifacts', name);
				const bytes = await readFile(path);
				bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
				await writeFile(path, bytes);
			}
		},
	],
	[
		'its length',
		'RELEASE_ARTIFACT_CHANGED',
		async (release) => {
			for (const name of await readdir(join(release, 'artifacts')))
				await appendFile(join(release, 'artifacts', name), ' ');
		},
	],
	[
		'a name',
		'RELEASE_UNKNOWN_FILE',
		async (release) => {
			const [name = ''] = await readdir(join(release, 'artifacts'));
			await rename(join(release, 'artifacts', name), join(release, 'artifacts', `x-${name}`));
		},
	],
	[
		'which is which',
		'RELEASE_ARTIFACT_CHANGED',
		async (release) => {
			const [a = '', b = ''] = (await readdir(join(release, 'artifacts'))).map((name) =>
				join(release, 'artifacts', name),
			);
			await rename(a, `${release}-a`);
			await rename(b, a);
			await rename(`${release}-a`, b);
		},
	],
	[
		'an extra file',
		'RELEASE_UNKNOWN_FILE',
		async (release) => writeFile(join(release, 'artifacts', 'extra.tgz'), 'x'),
	],
];

describeWith('apt-get', 'the actions', () => {
	let world: StartedWorld;
	beforeAll(async () => {
		world = await startWorld();
	}, 1_800_000);
	afterAll(() => world?.stop());

	test('one job: claim, publish hidden, expose together, roll back, restore', async () => {
		const workspace = await world.writeProject('greet', '1.0.0');
		const run = async (action: string, inputs: ActionStep['inputs'] = {}): Promise<StepResult> =>
			expectSuccess(await world.runAction(action, { workspace, inputs }));
		const first = await world.writeProject('greet', '0.9.0');
		expectSuccess(await world.runAction('build-once', { workspace: first }));
		expectSuccess(await world.runAction('publish-npm', { workspace: first }));
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0' });

		const built = await run('build-once');
		expect(built.outputs).toMatchObject({ version: '1.0.0', artifact: '' });
		expect((await run('claim')).outputs).toMatchObject({ state: 'HELD', types: '["npm","apt"]' });
		const hidden = await run('publish-npm');
		expect(hidden.log).toContain('a lasting npm token is visible');
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0', 'slipway-1.0.0': '1.0.0' });
		expect((await run('publish-deb')).outputs.state).toBe('HELD');
		expect(await readIndex(world, 'greet', 'greet')).toEqual([]);

		const exposed = await run('expose', { version: 'v1.0.0' });
		expect(exposed.outputs).toMatchObject({ state: 'COMPLETED', version: '1.0.0', next: '' });
		expect(exposed.summary).toMatch(/\| npm \|[\s\S]*\| apt \|/);
		const shown = [await readTags(world, 'greet'), await readIndex(world, 'greet', 'greet')];
		expect(shown).toEqual([{ latest: '1.0.0' }, ['1.0.0-1']]);

		const undo = { version: '1.0.0', reason: 'crashes at start' };
		const changes = countUploads(world);
		expect((await run('rollback', undo)).summary).toContain('dry run');
		expect(countUploads(world)).toBe(changes);
		expect((await run('rollback', { ...undo, 'dry-run': 'false' })).outputs.state).toBe('ROLLED_BACK');
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0' });
		const restored = await run('rollback', { ...undo, operation: 'restore', 'dry-run': 'false' });
		expect(restored.outputs.state).toBe('COMPLETED');
		expect([await readTags(world, 'greet'), await readIndex(world, 'greet', 'greet')]).toEqual(shown);
	}, 900_000);

	test('a lasting npm token beside an identity is refused, wherever it lies (G7), and nothing is sent', async () => {
		const workspace = await world.writeProject('lasting', '1.0.0');
		expectSuccess(await world.runAction('build-once', { workspace }));
		expectSuccess(await world.runAction('claim', { workspace }));
		const before = countUploads(world);
		const bare = { ...world.idToken, NODE_AUTH_TOKEN: '' };
		for (const environment of [{ NODE_AUTH_TOKEN: 'npm_1234567890' }, { NPM_TOKEN: 'npm_1234567890' }])
			for (const [action, inputs] of [
				['publish-npm', {}],
				['expose', { version: '1.0.0' }],
			] as const)
				expectFailure(
					await world.runAction(action, { workspace, inputs, environment: { ...bare, ...environment } }),
					'NPM_TOKEN_VISIBLE',
				);
		await appendFile(join(workspace, '.npmrc'), '//registry.invalid/:_authToken=npm_1234567890\n');
		const found = await world.runAction('publish-npm', { workspace, environment: bare });
		expectFailure(found, 'NPM_TOKEN_VISIBLE');
		expect(countUploads(world)).toBe(before);
	});

	testAtLength(
		'a release travels between jobs as an artifact, is published by trust, and no secret is shown',
		async () => {
			const { github, registry } = world;
			registry.control.trust({
				name: 'hop',
				repository: 'acme/greet',
				workflow: 'release.yml',
				allow: ['publish', 'stage', 'dist-tag'],
			});
			const workspace = await world.writeProject('hop', '1.0.0');
			const environment = { ...github.environment, NODE_AUTH_TOKEN: '' };
			const built = expectSuccess(
				await world.runAction('build-once', { workspace, environment, inputs: { artifact: 'hop.tar' } }),
			);
			expect(github.artifacts.list()).toMatchObject([
				{ name: 'hop.tar', digest: `sha256:${built.outputs['artifact-digest']}` },
			]);
			const elsewhere = await world.writeProject('hop', '1.0.0-elsewhere');
			await writeFile(join(elsewhere, 'package.json'), await readFile(join(workspace, 'package.json')));
			const inputs = { artifact: 'hop.tar', 'artifact-digest': built.outputs['artifact-digest'] ?? '' };
			const published = expectSuccess(
				await world.runAction('publish-npm', { workspace: elsewhere, environment, inputs }),
			);
			expect(await readTags(world, 'hop')).toEqual({ latest: '1.0.0' });
			expect(github.requests).toContain('GET /id-token');
			const masked = published.commands
				.filter(({ command }) => command === 'add-mask')
				.map(({ message }) => message);
			const shown = published.log.replaceAll(/^::add-mask::.*$/gm, '');
			expect(shown).not.toMatch(/eyJ[A-Za-z0-9_-]{20}|npm_[0-9a-f]{30}/);
			const audiences = masked.flatMap((secret) => toAudience(secret) ?? []);
			expect(audiences).toContain(`npm:${new URL(registry.origin).hostname}`);
		},
	);

	test.each(isWhole() ? CHANGES : CHANGES.slice(0, 1))(
		'a Release of which somebody changed %s between jobs is refused (F15)',
		async (what, code, change) => {
			const changes = countUploads(world);
			const name = `changed-${what.replaceAll(' ', '-')}`;
			const workspace = await world.writeProject(name, '1.0.0');
			const built = expectSuccess(await world.runAction('build-once', { workspace }));
			await change(built.outputs.release ?? '');
			for (const action of ['publish-npm', 'publish-deb'])
				expectFailure(await world.runAction(action, { workspace }), code);
			expect(await readTags(world, name)).toEqual({});
			expect(await readdir(world.aptFolder, { recursive: true })).not.toContain(name);
			expect(countUploads(world)).toBe(changes);
		},
		900_000,
	);
});
