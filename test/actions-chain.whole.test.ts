// The jobs of release.yml and publish.yml, action by action: each in a clone of its own with no more rights than its job has,
// joined by run artifacts and a journal branch; cut off, gone on with in another run, hauled back and restored.
import { describeWith, type StepResult } from '@slipway/testing';
import { countUploads, expectFailure, expectSuccess, readIndex, readTags } from './actions-look.ts';
import { type RepositoryWorld, type Run, startRepositoryWorld } from './actions-repository.ts';
import { IDENTITY, type StartedWorld, startWorld } from './actions-world.ts';

let world: StartedWorld;
let home: RepositoryWorld;

const STAGES = ['build', 'test', 'reproduce', 'sbom', 'sign', 'gate', 'plan'];
const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm'];

const toProject = (version: string) => ({
	name: 'greet',
	version,
	trust: {
		journal: { branch: 'slipway' },
		test: [['node', '-e', 'process.exit(0)']],
		policy: {
			policy: 1,
			signers: [{ name: 'release workflow', issuer: world.sigstore.issuer, identity: IDENTITY }],
			'trusted-root': 'root.json',
			require: { attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx', 'stage'], stages: STAGES },
		},
	},
});

/** A first version, published before the project knew of signatures: later ones can be hidden. */
const publishFirst = async (): Promise<void> => {
	const workspace = await world.writeProject('greet', '0.9.0');
	expectSuccess(await world.runAction('build-once', { workspace }));
	expectSuccess(await world.runAction('publish-npm', { workspace }));
	world.registry.control.trust({
		name: 'greet',
		repository: 'acme/greet',
		workflow: 'release.yml',
		allow: ['publish', 'stage', 'dist-tag'],
	});
};

const toReceived = ({ outputs }: StepResult) => ({
	artifact: outputs.artifact ?? '',
	'artifact-digest': outputs['artifact-digest'] ?? '',
});

const WRITES = { permissions: { contents: 'write', actions: 'read' }, identity: true } as const;
const UPLOADS_NPM = { identity: true } as const;
const UPLOADS_APT = { permissions: { contents: 'write' } } as const;
const EXPOSES = { ...WRITES, aptKey: true } as const;

/** From the source to a Release that its gates let pass, as release.yml does it. */
const prepare = async (run: Run): Promise<Record<string, string>> => {
	for (const runner of RUNNERS)
		expectSuccess(await run.step('build-once', { test: 'false', artifact: `slipway-build-${runner}-1.tar` }));
	for (const runner of RUNNERS) {
		const inputs = { part: `slipway-build-${runner}`, artifact: `slipway-proved-${runner}-1.tar` };
		expect(expectSuccess(await run.step('reproduce', inputs)).outputs.reproducible).toBe('true');
	}
	const joined = expectSuccess(
		await run.step('build-once', {
			join: 'slipway-proved',
			built: 'slipway-build',
			runners: JSON.stringify(RUNNERS),
			artifact: 'slipway-joined-1.tar',
		}),
	);
	expect(joined.outputs).toMatchObject({
		version: '1.0.0',
		'manifest-digest': expect.stringMatching(/^[0-9a-f]{64}$/),
	});
	const listed = expectSuccess(
		await run.step('sbom', { ...toReceived(joined), 'sbom-artifact': 'slipway-sbom-1.tar' }),
	);
	const signed = expectSuccess(
		await run.step(
			'sign',
			{ ...toReceived(listed), 'signed-artifact': 'slipway-signed-1.tar' },
			{ identity: true },
		),
	);
	return toReceived(
		expectSuccess(await run.step('gate', { ...toReceived(signed), 'gated-artifact': 'slipway-gated-1.tar' })),
	);
};

const claim = (run: Run, inputs: Record<string, string>): Promise<StepResult> =>
	run.step('claim', { version: 'v1.0.0', 'claimed-artifact': 'slipway-claimed-1.tar', ...inputs }, WRITES);

const record = async (run: Run): Promise<StepResult> =>
	expectSuccess(
		await run.step(
			'record',
			{ version: 'v1.0.0', outcomes: 'journal-' },
			{
				permissions: { contents: 'write' },
			},
		),
	);

const readJournal = async (): Promise<readonly string[]> => home.repository.listFiles('slipway');

describeWith('apt-get', 'one release through the jobs of several runs', () => {
	beforeAll(async () => {
		world = await startWorld();
		home = await startRepositoryWorld(world);
		await publishFirst();
		await home.release(toProject('1.0.0'), 'v1.0.0');
	}, 1_800_000);
	afterAll(async () => {
		await home?.stop();
		await world?.stop();
	});

	let first: Run;
	let claimed: Record<string, string>;

	test('built, proved, joined, signed, judged, claimed', async () => {
		first = await home.begin('v1.0.0');
		const gated = await prepare(first);
		const result = expectSuccess(await claim(first, gated));
		expect(result.outputs).toMatchObject({ state: 'HELD', version: '1.0.0', types: '["npm","apt"]' });
		claimed = toReceived(result);
		const plan = JSON.parse(await home.repository.readFile('slipway', 'releases/greet/1.0.0/plan.json'));
		expect(plan.place).toMatch(/^github-run:acme\/greet\/\d+\/slipway-gated-1\.tar@sha256:[0-9a-f]{64}$/);
		expect(plan.place).toContain(gated['artifact-digest']);
		expect(countUploads(world)).toBe(1);
	}, 900_000);

	test('uploaded to npm; the job for apt never came: what was done is recorded, nothing is visible', async () => {
		const inputs = { ...claimed, outcomes: 'journal-1-npm-upload.tar' };
		const published = expectSuccess(await first.step('publish-npm', inputs, UPLOADS_NPM));
		expect(published.outputs.state).toBe('HELD');
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0', 'slipway-1.0.0': '1.0.0' });
		expect(await readJournal()).not.toContainEqual(expect.stringContaining('outcomes/'));
		const recorded = await record(first);
		expect(recorded.outputs).toMatchObject({ state: 'HELD', next: 'slipway continue 1.0.0' });
		expect(recorded.summary).toContain('apt');
		expect(await readJournal()).toEqual(
			expect.arrayContaining([
				'fences/greet/000001.json',
				'fences/greet/000001-end.json',
				'releases/greet/1.0.0/outcomes/000001-upload-npm-0.json',
			]),
		);
		home.end(first);
	});

	test('another run takes up the plan with the bytes of the first, and finishes what is missing', async () => {
		const run = await home.begin(undefined);
		const before = countUploads(world);
		const result = expectSuccess(await claim(run, {}));
		expect(result.outputs).toMatchObject({ types: '["npm","apt"]', 'release-id': expect.any(String) });
		const received = toReceived(result);
		for (const [action, name, rights] of [
			['publish-npm', 'npm', UPLOADS_NPM],
			['publish-deb', 'apt', UPLOADS_APT],
		] as const) {
			const inputs = { ...received, outcomes: `journal-1-${name}-upload.tar` };
			expect(expectSuccess(await run.step(action, inputs, rights)).outputs.state).toBe('HELD');
		}
		expect(countUploads(world)).toBe(before);
		expect(await readIndex(world, 'greet', 'greet')).toEqual([]);
		const exposed = expectSuccess(
			await run.step(
				'expose',
				{ ...received, version: 'refs/tags/v1.0.0', 'exposed-artifact': 'slipway-released-1.tar' },
				EXPOSES,
			),
		);
		expect(exposed.outputs).toMatchObject({ state: 'COMPLETED', artifact: 'slipway-released-1.tar' });
		expect(await readTags(world, 'greet')).toEqual({ latest: '1.0.0' });
		expect(await readIndex(world, 'greet', 'greet')).toEqual(['1.0.0-1']);
		expect((await record(run)).outputs.state).toBe('COMPLETED');
		expectSuccess(await run.step('verify', toReceived(exposed)));
	});

	test('hauled back, restored: each a dispatch of its own, and a token that may deprecate alone', async () => {
		const run = await home.begin(undefined);
		const undo = { version: 'v1.0.0', reason: 'crashes at start' };
		expect(expectSuccess(await run.step('rollback', undo)).summary).toContain('dry run');
		const token = world.registry.control.issueToken(['deprecate']);
		const act = { ...undo, 'dry-run': 'false', 'npm-token': token };
		const undone = expectSuccess(await run.step('rollback', act, EXPOSES));
		expect(undone.outputs.state).toBe('ROLLED_BACK');
		expect(undone.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(token);
		expect(await readTags(world, 'greet')).toEqual({ latest: '0.9.0' });
		expect(await readIndex(world, 'greet', 'greet')).toEqual([]);
		const restored = await run.step('rollback', { ...act, operation: 'restore' }, EXPOSES);
		expect(expectSuccess(restored).outputs.state).toBe('COMPLETED');
		expect(await readTags(world, 'greet')).toEqual({ latest: '1.0.0' });
		expect(await readIndex(world, 'greet', 'greet')).toEqual(['1.0.0-1']);
	});

	test('a tag that was moved stops whoever claims and whoever exposes (G5)', async () => {
		const before = countUploads(world);
		const commit = await home.repository.resolve('refs/tags/v1.0.0');
		await home.repository.commit({ 'other.txt': 'x' }, 'something else');
		await home.repository.tag('v1.0.0');
		const run = await home.begin(undefined);
		expectFailure(await claim(run, {}), 'TAG_MOVED');
		const exposed = await run.step('expose', { version: '1.0.0' }, EXPOSES);
		expectFailure(exposed, 'TAG_MOVED');
		await home.repository.tag('v1.0.0', commit);
		expect(countUploads(world)).toBe(before);
	});
});
