import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, readRelease, verifyRelease } from '@slipway/archive';
import { testContext } from '@slipway/testing';
import type { Maker, Reader } from './make-files.ts';
import { type BuildRequest, runBuild } from './run-build.ts';

let temp: string;
let project: string;
beforeEach(async () => {
	temp = await realpath(await mkdtemp(join(tmpdir(), 'slipway-build-')));
	project = join(temp, 'project');
	await mkdir(project);
	await mkdir(join(temp, 'run'));
});
afterEach(() => rm(temp, { recursive: true }));

const toContext = () => testContext(join(temp, 'run'));
const toRequest = (more: Partial<BuildRequest> = {}): BuildRequest => ({
	projectFolder: project,
	project: 'p',
	version: '1.2.0',
	commands: [],
	outputs: [],
	makers: [],
	readers: [],
	environment: process.env,
	releaseFolder: join(temp, 'release'),
	tool: { name: 'test', version: '0' },
	...more,
});
const node = (script: string): [string, ...string[]] => ['node', '-e', script];
const write = (name: string, text: string) =>
	`require('fs').writeFileSync(${JSON.stringify(name)}, ${text});`;
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

test('runs the commands once, in order, and writes the Release', async () => {
	const request = toRequest({
		commands: [
			node(`${write('log', "'one '")}`),
			node(`require('fs').appendFileSync('log', 'two'); ${write('b.bin', "'B'")} ${write('a.bin', "'A'")}`),
		],
		outputs: ['*.bin', 'log'],
	});
	const release = await runBuild(request, toContext());
	expect(release.manifest).toEqual({
		mediaType: 'application/vnd.slipway.manifest.v1+json',
		project: 'p',
		version: '1.2.0',
		source: { repo: null, commit: null, ref: null },
		artifacts: Object.entries({ 'a.bin': 'A', 'b.bin': 'B', log: 'one two' }).map(([name, text]) => ({
			name,
			path: `artifacts/${name}`,
			mediaType: 'application/octet-stream',
			purl: `pkg:generic/${name}@1.2.0`,
			size: text.length,
			// No registry names such a file by its sha512.
			digest: { sha256: hashBytes(Buffer.from(text)).digest.sha256 },
		})),
	});
	await verifyRelease(await readRelease(release.folder));
	const [record] = await readdir(join(release.folder, 'records'));
	const text = await readFile(join(release.folder, 'records', record ?? ''), 'utf8');
	expect(JSON.parse(text)).toMatchObject({
		stage: 'build',
		outputs: [{ name: 'a.bin' }, { name: 'b.bin' }, { name: 'log' }],
		notes: expect.arrayContaining([
			'source not under version control',
			'SOURCE_DATE_EPOCH 315532800 (fixed)',
		]),
	});
	expect(await readdir(join(temp, 'run'))).toEqual([]);
});

test('the same project gives the same Release, but for its StageRecord', async () => {
	const request = toRequest({ commands: [node(write('a.bin', "'A'"))], outputs: ['a.bin'] });
	const first = await runBuild(request, toContext());
	const second = await runBuild({ ...request, releaseFolder: join(temp, 'other') }, toContext());
	for (const file of ['manifest.json', 'SHA256SUMS', join('artifacts', 'a.bin')])
		expect(await readFile(join(first.folder, file))).toEqual(await readFile(join(second.folder, file)));
});

test('commands see a clean environment with SOURCE_DATE_EPOCH, and no token', async () => {
	const environment = {
		...process.env,
		NODE_AUTH_TOKEN: 'secret',
		GITHUB_TOKEN: 'secret',
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
		NPM_TOKEN: 'secret',
		npm_config__auth: 'secret',
		ANYTHING: 'secret',
		SOURCE_DATE_EPOCH: '1700000000',
	};
	const request = toRequest({
		environment,
		commands: [node(write('env.json', 'JSON.stringify(process.env)'))],
		outputs: ['env.json'],
	});
	const { folder } = await runBuild(request, toContext());
	const text = await readFile(join(folder, 'artifacts', 'env.json'), 'utf8');
	expect(text).not.toContain('secret');
	expect(JSON.parse(text)).toMatchObject({
		SOURCE_DATE_EPOCH: '1700000000',
		LANG: 'C.UTF-8',
		TZ: 'UTC',
		PATH: process.env.PATH,
	});
});

test('makers and readers: each file is named by its own bytes', async () => {
	const maker: Maker = async ({ projectFolder, version, epoch }) => [
		{ fileName: 'made.pkg', bytes: Buffer.from(`PKG ${projectFolder === project} ${version} ${epoch}`) },
	];
	const reader: Reader = (fileName, bytes) =>
		Buffer.from(bytes).toString().startsWith('PKG')
			? { purl: `pkg:npm/${fileName}@9.9.9`, mediaType: 'application/vnd.npm.package+gzip' }
			: undefined;
	const request = toRequest({
		commands: [node(write('other.bin', "'x'"))],
		outputs: ['other.bin'],
		makers: [maker],
		readers: [() => undefined, reader],
	});
	const { manifest, folder } = await runBuild(request, toContext());
	expect(manifest.artifacts.map(({ name, purl, mediaType }) => [name, purl, mediaType])).toEqual([
		['made.pkg', 'pkg:npm/made.pkg@9.9.9', 'application/vnd.npm.package+gzip'],
		['other.bin', 'pkg:generic/other.bin@1.2.0', 'application/octet-stream'],
	]);
	expect(await readFile(join(folder, 'artifacts', 'made.pkg'), 'utf8')).toBe('PKG true 1.2.0 315532800');
});

test('without commands nothing runs, and the log says so', async () => {
	const scripts = ['preinstall', 'install', 'prepare', 'prepack', 'build', 'postpack', 'prepublishOnly'];
	const ran = join(temp, 'ran');
	await writeFile(
		join(project, 'package.json'),
		JSON.stringify({
			name: 'p',
			scripts: Object.fromEntries(scripts.map((name) => [name, `echo > ${ran}`])),
		}),
	);
	const context = toContext();
	await runBuild(toRequest({ outputs: ['package.json'] }), context);
	expect(context.lines).toContain(
		'info no build commands in slipway.yml: packing the folder as it is; no script of package.json runs',
	);
	expect(await readdir(temp)).not.toContain('ran');
});

const failures: readonly [name: string, code: string, more: Partial<BuildRequest>, message: RegExp][] = [
	[
		'a command that fails',
		'BUILD_COMMAND_FAILED',
		{ commands: [node('console.error("no disk"); process.exit(3)')] },
		/exit code 3\n.*no disk/s,
	],
	[
		'a command that is killed',
		'BUILD_COMMAND_FAILED',
		{ commands: [node('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 9)')] },
		/was ended by SIGKILL|exit code 1/,
	],
	[
		'a program that is not there',
		'BUILD_COMMAND_UNKNOWN',
		{ commands: [['no-such-program-here']] },
		/no-such-program-here/,
	],
	[
		'a line for a shell (H1)',
		'BUILD_COMMAND_UNKNOWN',
		{ commands: [['npm run build && rm -rf x']] },
		/npm run build/,
	],
	[
		'a pattern without a file',
		'BUILD_OUTPUT_MISSING',
		{ commands: [node('')], outputs: ['dist/*.deb'] },
		/"dist\/\*\.deb"/,
	],
	['nothing to release', 'BUILD_NOTHING_BUILT', {}, /got none/],
	[
		'two outputs of one name',
		'BUILD_NAME_CLASH',
		{
			commands: [
				node(
					`const fs=require('fs');fs.mkdirSync('x');fs.writeFileSync('x/a','1');fs.writeFileSync('A','2')`,
				),
			],
			outputs: ['**/a', 'A'],
		},
		/sha256 .* and .*sha256/,
	],
	[
		'a name that cannot be published',
		'BUILD_NAME_INVALID',
		{ commands: [node(write('a b.txt', "''"))], outputs: ['*.txt'] },
		/"a b\.txt"/,
	],
];

test.each(failures)('%s: %s, and no Release is left', async (_name, expected, more, message) => {
	const error = await runBuild(toRequest(more), toContext()).catch((thrown: unknown) => thrown);
	expect(error).toEqual(code(expected));
	expect((error as Error).message).toMatch(message);
	expect((error as { hint: string }).hint).not.toBe('');
	expect((await readdir(temp)).sort()).toEqual(['project', 'run']);
});

test('the first command that fails ends the build', async () => {
	const commands = [node('process.exit(1)'), node(write('second', "''"))];
	await expect(runBuild(toRequest({ commands }), toContext())).rejects.toEqual(code('BUILD_COMMAND_FAILED'));
	expect(await readdir(project)).toEqual([]);
});

test('patterns find no dependencies, no folders and follow no links out of the project', async () => {
	await mkdir(join(project, 'node_modules', 'dep'), { recursive: true });
	await writeFile(join(project, 'node_modules', 'dep', 'dep.tgz'), '');
	await mkdir(join(project, 'folder.tgz'));
	await writeFile(join(temp, 'secret.tgz'), 'secret');
	await symlink(join(temp, 'secret.tgz'), join(project, 'link.tgz'));
	await symlink(temp, join(project, 'up'));
	await writeFile(join(project, 'mine.tgz'), '');
	const { manifest } = await runBuild(toRequest({ outputs: ['**/*.tgz'] }), toContext());
	expect(manifest.artifacts.map(({ name }) => name)).toEqual(['mine.tgz']);
});

test('a cancelled build ends its commands and leaves no Release', async () => {
	const context = toContext();
	const commands = [node('setInterval(() => {}, 1000)'), node(write('after', "''"))];
	const pending = runBuild(toRequest({ commands, outputs: ['after'] }), context);
	setTimeout(() => context.abort(new Error('stop')), 200);
	await expect(pending).rejects.toThrow('stop');
	expect((await readdir(temp)).sort()).toEqual(['project', 'run']);
	expect(await readdir(project)).toEqual([]);
});
