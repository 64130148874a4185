// The bundles that sign, judge and verify, run the way GitHub's runner runs them, with those that publish between them.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeAtLength, describeWith, type StepResult, testAtLength } from '@slipway/testing';
import { countUploads, expectFailure, expectSuccess, readIndex, readTags } from './actions-look.ts';
import { type ActionStep, IDENTITY, type StartedWorld, startWorld } from './actions-world.ts';

let world: StartedWorld;

const toPolicy = (stages: readonly string[] = ['build', 'sbom', 'sign', 'gate', 'plan']): object => ({
	policy: 1,
	signers: [{ name: 'release workflow', issuer: world.sigstore.issuer, identity: IDENTITY }],
	require: { attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx', 'stage'], stages },
});

const trustPackage = (name: string): void =>
	world.registry.control.trust({
		name,
		repository: 'acme/greet',
		workflow: 'release.yml',
		allow: ['publish', 'stage', 'dist-tag'],
	});

/** A first version, published before the project knew of signatures: later ones can be hidden. */
const publishFirst = async (name: string): Promise<void> => {
	const workspace = await world.writeProject(name, '0.9.0');
	expectSuccess(await world.runAction('build-once', { workspace }));
	expectSuccess(await world.runAction('publish-npm', { workspace }));
};

type Run = (action: string, inputs?: ActionStep['inputs']) => Promise<StepResult>;

/** The steps of one job with `id-token: write`. */
const toJob =
	(workspace: string): Run =>
	(action, inputs = {}) =>
		world.runAction(action, { workspace, inputs, environment: { ...world.idToken, NODE_AUTH_TOKEN: '' } });

describeWith('apt-get', 'the actions with signatures', () => {
	beforeAll(async () => {
		world = await startWorld();
	}, 1_800_000);
	afterAll(() => world?.stop());

	test('one job: built, listed, signed, judged, published hidden, exposed, verified', async () => {
		await publishFirst('greet');
		trustPackage('greet');
		const workspace = await world.writeProject('greet', '1.0.0', { policy: toPolicy() });
		const run: Run = async (action, inputs) => expectSuccess(await toJob(workspace)(action, inputs));
		const built = await run('build-once');
		const release = built.outputs.release ?? '';
		expect(Number((await run('sbom')).outputs.score)).toBeGreaterThan(0);
		const signed = await run('sign');
		expect(signed.outputs).toMatchObject({ signer: IDENTITY, artifact: '', 'artifact-digest': '' });
		expect(Number(signed.outputs.bundles)).toBeGreaterThanOrEqual(8);

		const gated = await run('gate');
		expect(gated.outputs.verdict).toMatch(/^(pass|warn)$/);
		expect(gated.summary).toContain('vulnerabilities');
		expect(JSON.parse(await readFile(gated.outputs.sarif ?? '', 'utf8'))).toMatchObject({ version: '2.1.0' });
		expect((await run('claim')).summary).toMatch(/release greet 1\.0\.0[\s\S]*HELD/);
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0' });

		expect((await run('publish-npm')).outputs.state).toBe('HELD');
		expect((await run('publish-deb')).outputs.state).toBe('HELD');
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0', 'slipway-1.0.0': '1.0.0' });
		expect(await readIndex(world, 'greet', 'greet')).toEqual([]);
		expect((await run('expose', { version: '1.0.0' })).outputs.state).toBe('COMPLETED');
		expect(await readTags(world, 'greet')).toEqual({ latest: '1.0.0' });
		expect(await readIndex(world, 'greet', 'greet')).toEqual(['1.0.0-1']);

		const start = performance.now();
		const verified = await run('verify', { release });
		process.stdout.write(`verify action on a whole Release: ${Math.round(performance.now() - start)} ms\n`);
		const { results } = JSON.parse(verified.outputs.json ?? '');
		expect(JSON.stringify(results)).toContain(IDENTITY);
		const records = await readdir(join(release, 'records'));
		const stages = new Set(records.map((name) => name.split('-')[0]));
		expect([...stages].sort()).toEqual(['build', 'gate', 'plan', 'publish', 'sbom', 'sign']);
		expect(signed.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/eyJ[A-Za-z0-9_-]{20}/);
	}, 1_800_000);

	describeAtLength('a Release that was signed', () => {
		const name = 'bad';
		let workspace: string;
		let release: string;
		beforeAll(async () => {
			trustPackage(name);
			workspace = await world.writeProject(name, '1.0.0', { policy: toPolicy(['build', 'sign']) });
			const run: Run = async (action) => expectSuccess(await toJob(workspace)(action));
			release = (await run('build-once')).outputs.release ?? '';
			for (const action of ['sbom', 'sign', 'gate', 'claim']) await run(action);
		}, 900_000);

		/** A copy of the Release in which something was changed, by its path in the workspace. */
		const copyChanged = async (change: (folder: string) => Promise<void>): Promise<string> => {
			const folder = `${release}-changed`;
			await rm(folder, { recursive: true, force: true });
			await cp(release, folder, { recursive: true });
			await change(folder);
			return folder;
		};

		const expectNothing = async (before: number): Promise<void> => {
			expect(countUploads(world)).toBe(before);
			expect(await readTags(world, name)).toEqual({});
			expect(await readIndex(world, name, name)).toEqual([]);
		};

		test.each<[string, RegExp, (folder: string) => Promise<void>]>([
			['without signatures', /VERIFY_/, (folder) => rm(join(folder, 'attestations'), { recursive: true })],
			[
				'with another SBOM',
				/VERIFY_|SHA256SUMS/,
				async (folder) => {
					const [file = ''] = (await readdir(join(folder, 'sbom'))).map((each) => join(folder, 'sbom', each));
					await writeFile(file, (await readFile(file, 'utf8')).replace('MIT', 'ISC'));
				},
			],
			[
				'with another record of the build',
				/VERIFY_/,
				async (folder) => {
					const found = (await readdir(join(folder, 'records'))).find((each) => each.startsWith('build-'));
					const file = join(folder, 'records', found ?? '');
					await writeFile(file, (await readFile(file, 'utf8')).replace('"slipway"', '"slipwey"'));
				},
			],
		])(
			'%s is refused by whoever verifies and whoever publishes',
			async (_what, cause, change) => {
				const before = countUploads(world);
				const changed = await copyChanged(change);
				const verified = await toJob(workspace)('verify', { release: changed });
				expect(verified.errors).toMatchObject([{ properties: { title: expect.stringMatching(/^VERIFY_/) } }]);
				expect(verified.outputs.verified ?? '').toBe('');
				// A job that holds no identity cannot mend what was taken away.
				for (const action of ['publish-npm', 'publish-deb']) {
					const published = await world.runAction(action, { workspace, inputs: { release: changed } });
					expect(published.code).toBe(1);
					expect(published.errors.map(({ message }) => message).join()).toMatch(cause);
				}
				await expectNothing(before);
			},
			900_000,
		);

		test('a run artifact that was changed between jobs is not even unpacked', async () => {
			const before = countUploads(world);
			const environment = { ...world.github.environment, ...world.idToken, NODE_AUTH_TOKEN: '' };
			const signed = expectSuccess(
				await world.runAction('sign', { workspace, environment, inputs: { 'signed-artifact': 'bad.tar' } }),
			);
			const [stored] = world.github.artifacts.list().filter((each) => each.name === 'bad.tar');
			const bytes = Buffer.from(stored?.bytes ?? '');
			bytes[2000] = (bytes[2000] ?? 0) ^ 1;
			world.github.artifacts.tamper('bad.tar', bytes);
			const inputs = { artifact: 'bad.tar', 'artifact-digest': signed.outputs['artifact-digest'] ?? '' };
			for (const action of ['sbom', 'sign', 'gate', 'verify', 'claim', 'publish-npm', 'publish-deb'])
				expectFailure(
					await world.runAction(action, { workspace, environment, inputs }),
					'RUNNER_ARTIFACT_MISMATCH',
				);
			await expectNothing(before);
		});

		test.each<[string, string, ActionStep['inputs'], string]>([
			['sign', 'a digest is missing', { artifact: 'bad.tar' }, 'RUNNER_INPUT_INVALID'],
			['sign', 'there is no Release', { release: 'nowhere' }, 'RELEASE_MANIFEST_MISSING'],
			['sbom', 'a score that is none', { 'min-score': 'eleven' }, 'SBOM_SCORE_INVALID'],
			['sbom', 'more is asked than is there', { 'min-score': '10' }, 'SBOM_SCORE_LOW'],
			['gate', 'a policy that is nowhere', { policy: 'other.policy.yml' }, 'POLICY_MISSING'],
			['gate', 'a policy that is none', { policy: 'package.json' }, 'POLICY_INVALID'],
			['gate', 'an emergency without a reason', { emergency: 'now' }, 'GATE_EMERGENCY_INVALID'],
			['verify', 'nothing is named', {}, 'VERIFY_NOTHING_NAMED'],
			['verify', 'a policy that is nowhere', { file: 'main.js', policy: 'no.yml' }, 'POLICY_MISSING'],
			[
				'verify',
				'an identity without issuer',
				{ file: 'main.js', identity: IDENTITY },
				'VERIFY_OPTIONS_CLASH',
			],
			['verify', 'a file without attestations', { file: 'main.js' }, 'VERIFY_'],
		])(
			'%s, where %s, says what to do',
			async (action, _what, inputs, code) => {
				expectFailure(await toJob(workspace)(action, inputs), code);
			},
			900_000,
		);

		test('without the permission id-token: write nothing is signed, and the hint names it', async () => {
			const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...environment } = world.github.environment;
			const bare = await copyChanged((folder) => rm(join(folder, 'attestations'), { recursive: true }));
			const result = await world.runAction('sign', { workspace, environment, inputs: { release: bare } });
			expectFailure(result, 'SIGN_IDENTITY_MISSING');
			expect(result.errors[0]?.message).toContain('id-token: write');
			expect(await readdir(bare)).not.toContain('attestations');
		});
	});

	testAtLength('a gate that refuses claims nothing, and its report is there', async () => {
		const policy = { ...toPolicy(), gates: { 'sbom-quality': { level: 'fail', 'min-score': 10 } } };
		const workspace = await world.writeProject('refused', '1.0.0', { policy });
		const run = toJob(workspace);
		for (const action of ['build-once', 'sbom', 'sign']) expectSuccess(await run(action));
		const before = countUploads(world);
		const gated = await run('gate');
		expectFailure(gated, 'GATE_REFUSED');
		expect(gated.outputs.verdict).toBe('fail');
		expect(gated.summary).toContain('sbom-quality');
		for (const action of ['claim', 'publish-npm', 'publish-deb'])
			expectFailure(await run(action), 'GATE_REFUSED');
		expect(countUploads(world)).toBe(before);
		expect(await readTags(world, 'refused')).toEqual({});
	});
});
