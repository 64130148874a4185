import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Config, parseConfig } from '@slipway/core/config';
import { parsePolicy } from '@slipway/core/policy';
import { run } from '@slipway/process';
import { checkCaller, LIBRARY } from '@slipway/workflow';
import { type InitRun, initProject } from './init.ts';
import { parseLibrary } from './library.ts';
import { BOX, type Files, makeProject, PROJECTS, toJson } from './project.fixture.ts';
import { toExpression } from './starters/callers.ts';

const ONE = parseLibrary(`acme/slipway@${'1'.repeat(40)}#v1.0.0`);
const TWO = parseLibrary(`acme/slipway@${'2'.repeat(40)}#v1.1.0`);
const environment = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1' };
const WORKFLOWS = ['release', 'check', 'watch'].map((name) => `.github/workflows/${name}.yml`);
const ALL = ['slipway.yml', ...WORKFLOWS];

const folders: string[] = [];
afterAll(async () => {
	for (const folder of folders) await rm(dirname(folder), { recursive: true, force: true });
});

const make = async (files: Files): Promise<string> => {
	const folder = await makeProject(files);
	folders.push(folder);
	return folder;
};

const init = (folder: string, more: Partial<InitRun> = {}) =>
	initProject({
		...{ folder, environment, targets: {}, library: ONE, force: [], keep: [], dryRun: false, yes: false },
		...more,
	});

const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8');
const readConfig = async (folder: string): Promise<Config> => parseConfig(await read(folder, 'slipway.yml'));
const edit = async (folder: string, path: string, from: string, to: string): Promise<void> =>
	writeFile(join(folder, path), (await read(folder, path)).replace(from, to));
const listAll = async (folder: string): Promise<string[]> =>
	(await readdir(folder, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

describe.each(Object.entries(PROJECTS))('%s', (_, files) => {
	test('gets files that are valid, that GitHub will start, and that a second run leaves alone', async () => {
		const folder = await make(files);
		expect((await init(folder, { policy: true })).outcome).toBe('written');
		const config = await readConfig(folder);
		expect(Object.keys(config.targets).length).toBeGreaterThan(0);
		expect(config.journal).toEqual({ branch: 'slipway' });
		parsePolicy(await readFile(join(folder, 'slipway.policy.yml')));
		const callers = await Promise.all(
			WORKFLOWS.map(async (path) => ({ path, text: await read(folder, path) })),
		);
		expect(checkCaller(callers, LIBRARY)).toEqual([]);
		const before = await Promise.all((await listAll(folder)).map((path) => readFile(path, 'utf8')));
		expect((await init(folder)).outcome).toBe('unchanged');
		expect(await Promise.all((await listAll(folder)).map((path) => readFile(path, 'utf8')))).toEqual(before);
	});
});

interface Found {
	readonly targets: readonly string[];
	readonly config: object;
}

const npm = (name: string): Found => ({ targets: ['npm', 'github'], config: { project: undefined, name } });
const FOUND: Readonly<Record<string, Found>> = {
	npm: { ...npm('box'), config: { build: { commands: [], outputs: [] } } },
	'npm with a build': {
		...npm('box'),
		config: {
			build: {
				commands: [
					['npm', 'ci'],
					['npm', 'run', 'build'],
				],
				outputs: [],
			},
		},
	},
	'npm with a program': { ...npm('box'), config: { deb: [] } },
	workspaces: {
		targets: ['npm', 'github'],
		config: { project: 'box', version: '2.1.0', npm: { packages: ['packages/*'] } },
	},
	pnpm: {
		targets: ['npm', 'github'],
		config: {
			npm: { packages: ['libs/*'] },
			build: {
				commands: [
					['corepack', 'pnpm', 'install', '--frozen-lockfile'],
					['corepack', 'pnpm', 'run', 'build'],
				],
			},
		},
	},
	go: {
		targets: ['github'],
		config: {
			project: 'box',
			version: '0.1.0',
			build: {
				outputs: [
					'build/box-linux-amd64',
					'build/box-linux-arm64',
					'build/boxd-linux-amd64',
					'build/boxd-linux-arm64',
				],
			},
		},
	},
	rust: {
		targets: ['github'],
		config: { project: 'box', version: '0.3.1', build: { outputs: ['target/release/box'] } },
	},
	'rust workspace': {
		targets: ['github'],
		config: { version: '1.0.0', build: { outputs: ['target/release/tool'] } },
	},
	python: {
		targets: ['github'],
		config: { project: 'box', version: '1.0.0', build: { outputs: ['dist/*.whl'] } },
	},
	make: { targets: ['github'], config: { project: 'box', build: { outputs: ['build/box-linux.tar.xz'] } } },
	cmake: { targets: ['github'], config: { project: 'box', version: '4.5.0' } },
	debian: {
		targets: ['apt', 'github'],
		config: {
			project: 'box',
			version: '1.2.0',
			deb: [
				{
					name: 'box',
					architecture: 'native',
					maintainer: 'Ada Example <ada@example.org>',
					summary: 'a box',
				},
			],
		},
	},
	'npm and rust': {
		targets: ['npm', 'github'],
		config: { build: { outputs: ['target/release/box-native'] } },
	},
};

test.each(Object.entries(FOUND))(
	'of %s it knows what to build and where it goes',
	async (name, { targets, config }) => {
		const folder = await make(PROJECTS[name] ?? {});
		await init(folder);
		const written = await readConfig(folder);
		expect(Object.keys(written.targets)).toEqual(targets);
		const { name: _, ...expected } = config as { name?: string };
		expect(written).toMatchObject(expected);
	},
);

test('a program of npm becomes a Debian package when that is asked for', async () => {
	const folder = await make(PROJECTS['npm with a program'] ?? {});
	const { plan } = await init(folder, { targets: { apt: true } });
	const { deb, build, targets } = await readConfig(folder);
	expect(Object.keys(targets)).toEqual(['npm', 'apt', 'github']);
	expect(targets.apt).toMatchObject({
		url: 'https://acme.github.io/box',
		origin: 'box',
		store: { branch: 'slipway-apt' },
	});
	expect(build.commands).toEqual([
		['chmod', '755', 'cli.js'],
		['npm', 'install', '--omit=dev', '--no-audit', '--no-fund'],
	]);
	expect(deb).toMatchObject([
		{
			name: 'box',
			depends: ['nodejs (>= 18)'],
			files: ['package.json', 'cli.js', 'lib', 'node_modules'].map((source) => ({
				source,
				target: `/usr/lib/box/${source}`,
			})),
			links: { '/usr/bin/box': '../lib/box/cli.js' },
		},
	]);
	const release = await read(folder, '.github/workflows/release.yml');
	expect(release.match(/apt-signing-key: \$\{\{ secrets\.APT_SIGNING_KEY \}\}/g)).toHaveLength(3);
	expect(release.match(/npm-rollback-token: /g)).toHaveLength(1);
	expect(plan.files.every(({ about }) => about.length === 2)).toBe(true);
});

describe('another run', () => {
	test('shows a new pin, writes nothing unasked, and all of it with yes', async () => {
		const folder = await make(PROJECTS.npm ?? {});
		await init(folder);
		const { outcome, plan } = await init(folder, { library: TWO });
		expect(outcome).toBe('unconfirmed');
		expect(plan.files.map(({ state }) => state)).toEqual(['same', ...WORKFLOWS.map(() => 'changed')]);
		expect(plan.files[1]?.diff).toMatch(/^-.*@1{40} # v1\.0\.0$[\s\S]*^\+.*@2{40} # v1\.1\.0$/m);
		expect(await read(folder, WORKFLOWS[0] ?? '')).not.toContain(TWO.commit);
		expect((await init(folder, { library: TWO, yes: true })).outcome).toBe('written');
		for (const path of WORKFLOWS) expect(await read(folder, path)).toContain(TWO.commit);
	});

	test.each([
		[true, 'written'],
		[false, 'unconfirmed'],
	])('asks whoever is there; the answer %s', async (answer, outcome) => {
		const folder = await make(PROJECTS.npm ?? {});
		await init(folder);
		expect((await init(folder, { library: TWO, confirm: async () => answer })).outcome).toBe(outcome);
	});

	test('remembers the targets, runners, approval and policy of the first', async () => {
		const folder = await make(PROJECTS['npm with a program'] ?? {});
		const runners = ['ubuntu-24.04', 'ubuntu-24.04-arm'];
		await init(folder, {
			targets: { apt: true, github: false },
			runners,
			approval: 'release',
			policy: true,
			runner: 'ubuntu-22.04',
		});
		expect((await init(folder)).outcome).toBe('unchanged');
		expect(Object.keys((await readConfig(folder)).targets)).toEqual(['npm', 'apt']);
		expect(await read(folder, WORKFLOWS[1] ?? '')).toContain(`runners: '${JSON.stringify(runners)}'`);
	});

	test('never touches an edited file: kept while nothing is new, a conflict else', async () => {
		const folder = await make(PROJECTS.npm ?? {});
		await init(folder);
		await edit(folder, 'slipway.yml', 'sign: {}', 'sign: {}\n\ntest:\n  - [node, --version]');
		const kept = await init(folder);
		expect(kept.outcome).toBe('unchanged');
		expect(kept.plan.files[0]).toMatchObject({ state: 'kept', diff: '' });
		const own = await read(folder, 'slipway.yml');
		expect((await init(folder, { library: TWO, yes: true })).outcome).toBe('written');
		expect(await read(folder, 'slipway.yml')).toBe(own);
		const [path = ''] = WORKFLOWS;
		await edit(folder, path, 'name: Release', 'name: Ship it');
		const before = await read(folder, path);
		const conflict = await init(folder, { library: ONE, yes: true });
		expect(conflict.outcome).toBe('conflict');
		expect(conflict.plan.files[1]).toMatchObject({
			state: 'edited',
			diff: expect.stringContaining('-name: Ship it'),
		});
		expect(await read(folder, path)).toBe(before);
		expect(await read(folder, WORKFLOWS[1] ?? '')).toContain(TWO.commit);
	});

	test('overwrites what it is told to, and leaves what it is told to', async () => {
		const folder = await make({ ...PROJECTS.npm, '.github/workflows/check.yml': 'name: mine\n' });
		expect((await init(folder)).outcome).toBe('conflict');
		expect(await listAll(folder)).toHaveLength(3);
		expect((await init(folder, { keep: ['./.github/workflows/check.yml'] })).outcome).toBe('written');
		expect(await read(folder, '.github/workflows/check.yml')).toMatch(
			/^name: mine\n\n# slipway init: sha256:[0-9a-f]{64}\n$/,
		);
		expect((await init(folder)).outcome).toBe('unchanged');
		expect((await init(folder, { force: ['.github/workflows/check.yml'] })).outcome).toBe('written');
		expect(await read(folder, '.github/workflows/check.yml')).toContain('Check the release');
	});

	test('only looks where it is told to', async () => {
		const folder = await make(PROJECTS.npm ?? {});
		expect((await init(folder, { dryRun: true })).outcome).toBe('planned');
		expect(await listAll(folder)).toHaveLength(2);
	});
});

describe('in a clone', () => {
	const git = async (folder: string, ...args: string[]) => {
		const identity = ['-c', 'user.name=Ada Example', '-c', 'user.email=ada@example.org'];
		await run(['git', ...identity, ...args], { cwd: folder, environment: { ...environment, HOME: folder } });
	};

	test('the workflows go to the root, and know where the project is', async () => {
		const root = await make({});
		await git(root, 'init', '--quiet', '--initial-branch=main');
		await git(root, 'remote', 'add', 'origin', 'git@github.com:acme/mono.git');
		const folder = join(root, 'tools', 'box');
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'go.mod'), 'module example.org/box\n');
		await writeFile(join(folder, 'main.go'), 'package main\n');
		await git(root, 'add', '.');
		await git(root, 'commit', '--quiet', '-m', 'first');
		await git(root, 'tag', 'v3.1.0');
		const { plan } = await init(folder, { targets: { apt: true } });
		expect(plan.files.map(({ path }) => path)).toEqual(['tools/box/slipway.yml', ...WORKFLOWS]);
		expect(await read(root, WORKFLOWS[0] ?? '')).toContain('project: tools/box');
		expect(await readConfig(folder)).toMatchObject({
			version: '3.1.0',
			targets: { apt: { url: 'https://acme.github.io/mono' } },
		});
	});

	test('a folder that GitHub would evaluate is refused', async () => {
		const root = await make({});
		await git(root, 'init', '--quiet');
		const folder = join(root, toExpression('secrets.X'));
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), toJson(BOX));
		await expect(init(folder)).rejects.toMatchObject({ code: 'INIT_OPTION_INVALID' });
		expect(await readdir(folder)).toEqual(['package.json']);
	});

	test('a folder that git ignores stands for itself', async () => {
		const root = await make({ '.gitignore': 'out/\n' });
		await git(root, 'init', '--quiet');
		const folder = join(root, 'out', 'box');
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), toJson(BOX));
		expect((await init(folder)).plan.root).toBe(folder);
	});
});

interface Refused {
	readonly name: string;
	readonly files: Files;
	readonly run?: Partial<InitRun>;
	readonly code: string;
	readonly before?: (folder: string) => Promise<void>;
}

const REFUSED: readonly Refused[] = [
	{ name: 'an empty folder', files: {}, code: 'INIT_PROJECT_UNKNOWN' },
	{
		name: 'a private package alone',
		files: { 'package.json': '{"private":true}' },
		code: 'INIT_PROJECT_UNKNOWN',
	},
	{ name: 'JSON that is none', files: { 'package.json': '{"name":' }, code: 'INIT_FILE_INVALID' },
	{ name: 'a list', files: { 'package.json': '[]' }, code: 'INIT_FILE_INVALID' },
	{
		name: 'a prototype (H10)',
		files: { 'package.json': '{"__proto__":{"x":1}}' },
		code: 'INIT_FILE_INVALID',
	},
	{
		name: 'a version that no registry takes',
		files: { 'package.json': '{"name":"a","version":"1.0.0+meta"}' },
		code: 'INIT_FILE_INVALID',
	},
	{ name: 'a key twice', files: { 'package.json': '{"name":"a","name":"b"}' }, code: 'INIT_FILE_INVALID' },
	{
		name: 'a name with an escape',
		files: { 'package.json': toJson({ ...BOX, name: 'a\u001b[2J' }) },
		code: 'INIT_FILE_INVALID',
	},
	{
		name: 'a name that is a path',
		files: { 'package.json': toJson({ ...BOX, name: '../../x' }) },
		code: 'INIT_FILE_INVALID',
	},
	{ name: 'TOML that is none', files: { 'Cargo.toml': '[package' }, code: 'INIT_FILE_INVALID' },
	{ name: 'deep TOML', files: { 'pyproject.toml': `a = ${'['.repeat(5000)}` }, code: 'INIT_FILE_INVALID' },
	{
		name: 'a YAML bomb',
		files: { 'package.json': '{"private":true}', 'pnpm-workspace.yaml': 'a: &a [x,x]\npackages: [*a,*a]\n' },
		code: 'INIT_FILE_INVALID',
	},
	{
		name: 'a huge file',
		files: { 'package.json': `{"name":"${'x'.repeat(2_000_000)}"}` },
		code: 'INIT_FILE_TOO_LARGE',
	},
	{
		name: 'a file that is no text',
		files: { 'go.mod': '' },
		before: (folder) => writeFile(join(folder, 'go.mod'), Buffer.from([0xff, 0xfe, 0])),
		code: 'INIT_FILE_INVALID',
	},
	{
		name: 'a link for package.json',
		files: {},
		before: (folder) => symlink('/etc/hostname', join(folder, 'package.json')),
		code: 'INIT_FILE_NOT_PLAIN',
	},
	{ name: 'a folder for package.json', files: { 'package.json/x': '' }, code: 'INIT_FILE_NOT_PLAIN' },
	{
		name: 'a link for .github',
		files: PROJECTS.npm ?? {},
		before: (folder) => symlink('/tmp', join(folder, '.github')),
		code: 'INIT_FILE_NOT_PLAIN',
	},
	{
		name: 'a link for slipway.yml',
		files: PROJECTS.npm ?? {},
		before: (folder) => symlink('/etc/hostname', join(folder, 'slipway.yml')),
		code: 'INIT_FILE_NOT_PLAIN',
	},
	{
		name: 'npm without a package',
		files: PROJECTS.go ?? {},
		run: { targets: { npm: true } },
		code: 'INIT_TARGET_IMPOSSIBLE',
	},
	{
		name: 'apt without a program',
		files: PROJECTS.npm ?? {},
		run: { targets: { apt: true } },
		code: 'INIT_TARGET_IMPOSSIBLE',
	},
	{
		name: 'no target at all',
		files: PROJECTS.npm ?? {},
		run: { targets: { npm: false, github: false } },
		code: 'INIT_OPTION_INVALID',
	},
	{
		name: 'a runner with a line end',
		files: PROJECTS.npm ?? {},
		run: { runners: ['a\nb'] },
		code: 'INIT_OPTION_INVALID',
	},
	{
		name: 'an environment with an expression',
		files: PROJECTS.npm ?? {},
		run: { approval: toExpression('x') },
		code: 'INIT_OPTION_INVALID',
	},
	{
		name: 'force for another file',
		files: PROJECTS.npm ?? {},
		run: { force: ['package.json'] },
		code: 'INIT_OPTION_INVALID',
	},
];

test.each(REFUSED)('refuses $name, and writes nothing', async ({ files, run, code, before }) => {
	const folder = await make(files);
	await before?.(folder);
	const present = await readdir(folder);
	await expect(init(folder, run)).rejects.toMatchObject({
		name: 'SlipwayError',
		code,
		hint: expect.stringMatching(/\w/),
	});
	expect(await readdir(folder)).toEqual(present);
});

test('what a project says becomes values, never lines of its own', async () => {
	const evil = `a box\nnpm:\n  packages: [evil] # ${toExpression('secrets.X')}`;
	const folder = await make({
		'package.json': toJson({
			...BOX,
			description: evil,
			homepage: `https://x/${evil}`,
			license: evil,
			author: `Eve ${evil} <e@x.y>`,
			bin: { 'b\nx': 'a', ok: './cli.js', up: '../x' },
		}),
		'index.js': '',
		'cli.js': '',
	});
	await init(folder, { targets: { apt: true } });
	const config = await readConfig(folder);
	expect(config.npm).toBeUndefined();
	expect(config.deb[0]?.links).toEqual({ '/usr/bin/ok': '../lib/box/cli.js' });
	for (const path of ALL) expect(await read(folder, path)).not.toContain('evil]');
});
