import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { toPlanMarkdown } from '@slipway/report';
import { previewProject } from './preview.ts';
import { type SpeechWorld, startSpeechWorld } from './preview-world.fixture.ts';
import type { Door } from './project.ts';

let world: SpeechWorld;
beforeAll(async () => {
	world = await startSpeechWorld();
});
afterAll(() => world.stop());

const preview = (door: Door, proposal = false) => previewProject(door, { proposal }, world.context);

/** The door of a job that holds no secret, as for a pull request from a fork. */
const withoutSecrets = (door: Door): Door => ({
	...door,
	environment: { PATH: process.env.PATH, HOME: world.root },
});

describe('a second release', () => {
	let door: Door;
	beforeAll(async () => {
		await world.release(await world.write('greet', '1.0.0', { files: { 'old.js': 'old();\n' } }));
		door = await world.write('greet', '1.1.0', {
			files: { 'new.js': 'fresh();\n', 'old.js': 'old();\n' },
			packageJson: { files: ['main.js', 'new.js'] },
			apt: { 'trusted-keys': [world.publicKeyFile] },
		});
	});

	test('shows pointers from and to, in order, with modes and files by name', async () => {
		const { preview: seen, refusal } = await preview(door);
		expect(refusal).toBeUndefined();
		expect(seen).toMatchObject({ project: 'greet', version: '1.1.0' });
		expect(seen.moves).toEqual([
			{
				target: 'npm',
				subject: 'pkg:npm/greet',
				version: '1.1.0',
				mode: { name: 'tag', hides: true },
				pointer: 'latest',
				from: '1.0.0',
				to: '1.1.0',
				artifacts: ['greet-1.1.0.tgz'],
			},
			expect.objectContaining({
				target: 'apt',
				version: '1.1.0-1',
				from: expect.stringMatching(/^1\.0\.0-1 all sha256:[0-9a-f]{64}$/),
				to: expect.stringMatching(/^1\.0\.0-1 all \S+ 1\.1\.0-1 all sha256:[0-9a-f]{64}$/),
			}),
		]);
		expect(seen.targets.map(({ id, traits }) => [id, traits[0]])).toEqual([
			['npm', 'hides what is uploaded until it is exposed'],
			['apt', 'hides what is uploaded until it is exposed'],
		]);
	});

	test('shows each file, and what became of it', async () => {
		const { preview: seen } = await preview(door);
		const npm = seen.artifacts.find(({ name }) => name === 'greet-1.1.0.tgz');
		expect(npm?.before).toMatchObject({ version: '1.0.0', from: new URL(world.registry.origin).host });
		expect(npm?.before?.size).toBeGreaterThan(100);
		expect(Object.fromEntries(npm?.files.map(({ path, change }) => [path, change]) ?? [])).toEqual({
			LICENSE: 'same',
			'main.js': 'changed',
			'package.json': 'changed',
			'new.js': 'added',
			'old.js': 'removed',
		});
		const deb = seen.artifacts.find(({ name }) => name === 'greet_1.1.0-1_all.deb');
		expect(deb?.before).toMatchObject({ version: '1.0.0-1' });
		expect(deb?.files.find(({ path }) => path.endsWith('main.js'))?.change).toBe('changed');
	});

	test('needs no secret, writes to no target, and takes at most 2 s of a processor', async () => {
		const before = await readdir(world.aptFolder, { recursive: true });
		const asked = world.registry.log.length;
		const start = process.cpuUsage();
		const { preview: seen, refusal } = await preview(withoutSecrets(door), true);
		expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
		expect(refusal).toBeUndefined();
		expect(seen.findings).toEqual([]);
		expect(seen.moves).toHaveLength(2);
		expect(await readdir(world.aptFolder, { recursive: true })).toEqual(before);
		expect(world.registry.log.slice(asked).filter(({ mutates }) => mutates)).toEqual([]);
	});
});

test('an apt repository without a public key is told as not seen, and is no refusal', async () => {
	const door = await world.write('unseen', '1.0.0');
	const { preview: seen, refusal } = await preview(withoutSecrets(door), true);
	expect(refusal).toBeUndefined();
	expect(seen.findings.map(({ target, code }) => [target, code])).toEqual([
		['apt', 'PLAN_TARGET_UNSEEN'],
		['npm', 'NPM_FIRST_VERSION_PUBLIC'],
	]);
	expect(seen.moves.map(({ target, mode }) => [target, mode.name])).toEqual([['npm', 'direct']]);
	expect(seen.artifacts.map(({ note }) => note)).toEqual(['new', 'new']);
});

test('a version that is out: refused for a release, a warning for a proposal', async () => {
	const change = { apt: { 'trusted-keys': [world.publicKeyFile] } };
	await world.release(await world.write('taken', '1.0.0', change));
	const door = await world.write('taken', '1.0.0', { ...change, files: { 'main.js': 'other();\n' } });
	const again = { ...door, releaseFolder: `${door.folder}/other` };
	const refused = await preview(again);
	expect(refused.refusal?.code).toBe('PLAN_REFUSED');
	expect(refused.preview).toMatchObject({ verdict: 'fail', moves: [] });
	const proposed = await preview(withoutSecrets(again), true);
	expect(proposed.refusal).toBeUndefined();
	expect(proposed.preview.verdict).toBe('warn');
	expect(proposed.preview.findings.map(({ code, severity }) => [code, severity])).toEqual(
		expect.arrayContaining([
			['NPM_VERSION_CONFLICT', 'warning'],
			['APT_VERSION_TAKEN', 'warning'],
		]),
	);
});

test('a gate that fails refuses after the preview, which shows what it found', async () => {
	const secret = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END RSA PRIVATE KEY-----\n`;
	const door = await world.write('leaky', '1.0.0', {
		files: { 'main.js': `const key = \`${secret}\`;\n` },
		apt: { 'trusted-keys': [world.publicKeyFile] },
	});
	const { preview: seen, refusal } = await preview(withoutSecrets(door), true);
	expect(refusal?.code).toBe('GATE_REFUSED');
	const gate = seen.gates.find(({ id }) => id === 'secrets');
	expect(gate?.verdict).toBe('fail');
	expect(gate?.findings[0]?.hint).not.toBe('');
	expect(toPlanMarkdown(seen)).toContain('**fail**');
	expect(JSON.stringify(seen)).not.toContain('MIIEpAIBAAKCAQEA');
});

test('an identity within reach is not exchanged for a proposal', async () => {
	const door = await world.write('tempted', '1.0.0', { apt: { 'trusted-keys': [world.publicKeyFile] } });
	const asked: string[] = [];
	const environment = {
		...withoutSecrets(door).environment,
		ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/?x',
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'never-sent',
	};
	const { preview: seen } = await preview(
		{ ...door, environment, onSecret: (secret) => asked.push(secret) },
		true,
	);
	expect(seen.findings.map(({ code }) => code)).toEqual(['NPM_FIRST_VERSION_PUBLIC']);
	expect(asked).toEqual([]);
});

test('a caller that grants too little is found in the tree, and what it has to grant is shown', async () => {
	const door = await world.write('caller', '1.0.0', { apt: { 'trusted-keys': [world.publicKeyFile] } });
	await mkdir(`${door.folder}/.github/workflows`, { recursive: true });
	await mkdir(`${door.folder}/.git`);
	const caller = {
		on: { push: { tags: ['v*'] } },
		permissions: {},
		concurrency: { group: 'release', 'cancel-in-progress': false, queue: 'max' },
		jobs: {
			release: {
				permissions: { contents: 'read' },
				uses: `acme/slipway/.github/workflows/release.yml@${'a'.repeat(40)}`,
			},
		},
	};
	await writeFile(`${door.folder}/.github/workflows/release.yml`, JSON.stringify(caller));
	const { preview: seen, refusal } = await preview(withoutSecrets(door), true);
	expect(seen.permissions).toMatchObject([
		{ workflow: 'release.yml', scopes: expect.arrayContaining([{ scope: 'id-token', access: 'write' }]) },
	]);
	const found = seen.findings.filter(({ target }) => target === 'workflows');
	expect(found.map(({ severity, message }) => [severity, message])).toContainEqual([
		'error',
		expect.stringContaining('.github/workflows/release.yml, jobs.release.permissions'),
	]);
	expect(refusal?.code).toBe('PLAN_REFUSED');
	expect(toPlanMarkdown(seen)).toContain('  id-token: write');
});
