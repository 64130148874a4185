import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Release, type TarEntry, toGzip, toTarBytes } from '@slipway/archive';
import { MEDIA_TYPES } from '@slipway/core';
import { testContext } from '@slipway/testing';
import { runBuild } from './run-build.ts';
import { type TestRequest, testArtifacts } from './test-artifacts.ts';

let temp: string;
beforeEach(async () => {
	temp = await realpath(await mkdtemp(join(tmpdir(), 'slipway-test-')));
	await mkdir(join(temp, 'run'));
	await mkdir(join(temp, 'project'));
});
afterEach(() => rm(temp, { recursive: true }));

const toPackage = (name: string, more: object, files: Record<string, string> = {}): Buffer => {
	const contents = { 'package.json': JSON.stringify({ name, version: '1.0.0', ...more }), ...files };
	const entries = Object.entries(contents).map(
		([path, text]): TarEntry => ({
			type: 'file',
			name: `package/${path}`,
			mode: 0o755,
			content: Buffer.from(text),
		}),
	);
	return toGzip(toTarBytes(entries, { mtime: 0 }));
};

const build = (files: Record<string, Buffer>, mediaType: string): Promise<Release> =>
	runBuild(
		{
			projectFolder: join(temp, 'project'),
			project: 'p',
			version: '1.0.0',
			commands: [],
			outputs: [],
			makers: [async () => Object.entries(files).map(([fileName, bytes]) => ({ fileName, bytes }))],
			readers: [(fileName) => ({ purl: `pkg:npm/${fileName}@1.0.0`, mediaType })],
			environment: process.env,
			releaseFolder: join(temp, 'release'),
			tool: { name: 'test', version: '0' },
		},
		testContext(join(temp, 'run')),
	);

const toRequest = (release: Release, commands: TestRequest['commands']): TestRequest => ({
	release,
	commands,
	environment: { ...process.env, SECRET_TOKEN: 'secret' },
	tool: { name: 'test', version: '0' },
	unpackDeb: async (bytes, folder) => {
		await mkdir(join(folder, 'usr', 'bin'), { recursive: true });
		await writeFile(join(folder, 'usr', 'bin', 'tool'), bytes, { mode: 0o755 });
	},
});
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

test('npm packages are installed from their tarballs, together, without their scripts', async () => {
	const ran = join(temp, 'ran');
	const release = await build(
		{
			'greet.tgz': toPackage(
				'greet',
				{
					bin: { greet: 'greet.js' },
					dependencies: { words: '1.0.0' },
					scripts: { postinstall: `node -e "require('fs').writeFileSync('${ran}', '')"` },
				},
				{ 'greet.js': "#!/usr/bin/env node\nconsole.log(require('words'), process.env.SECRET_TOKEN)" },
			),
			'words.tgz': toPackage('words', {}, { 'index.js': "module.exports = 'hello'" }),
		},
		MEDIA_TYPES.npm,
	);
	const check = `const { execSync } = require('child_process');
		const text = String(execSync('greet'));
		if (text !== 'hello undefined\\n') throw new Error(text);`;
	const context = testContext(join(temp, 'run'));
	await testArtifacts(toRequest(release, [['node', '-e', check]]), context);
	expect(await readdir(temp)).not.toContain('ran');
	expect(await readdir(join(temp, 'run'))).toEqual([]);
	const record = `test-${process.platform}-${process.arch}.json`;
	expect(JSON.parse(await readFile(join(release.folder, 'records', record), 'utf8'))).toMatchObject({
		stage: 'test',
		inputs: [{ name: 'greet.tgz' }, { name: 'words.tgz' }],
	});
});

test('.debs are unpacked, and their commands come first', async () => {
	const release = await build(
		{ 'tool.deb': Buffer.from('#!/bin/sh\necho from the package\n') },
		MEDIA_TYPES.deb,
	);
	const check = `const text = String(require('child_process').execFileSync('tool')); if (!text.includes('from the package')) throw new Error(text)`;
	await testArtifacts(toRequest(release, [['node', '-e', check], ['tool']]), testContext(join(temp, 'run')));
});

test('a test that fails is an error, and its folder goes', async () => {
	const release = await build({ 'a.bin': Buffer.from('a') }, MEDIA_TYPES.file);
	const request = toRequest(release, [['node', '-e', 'console.log("2 is not 3"); process.exit(1)']]);
	const error = await testArtifacts(request, testContext(join(temp, 'run'))).catch(
		(thrown: unknown) => thrown,
	);
	expect(error).toEqual(code('TEST_COMMAND_FAILED'));
	expect((error as Error).message).toContain('2 is not 3');
	expect(await readdir(join(temp, 'run'))).toEqual([]);
	expect((await readdir(join(release.folder, 'records'))).some((name) => name.startsWith('test-'))).toBe(
		false,
	);
});

test('a tarball that npm cannot install is an error with its words', async () => {
	const release = await build({ 'a.tgz': Buffer.from('no tarball') }, MEDIA_TYPES.npm);
	await expect(
		testArtifacts(toRequest(release, [['node', '-e', '']]), testContext(join(temp, 'run'))),
	).rejects.toEqual(code('TEST_INSTALL_FAILED'));
});

test('an artifact that changed after the build is not tested', async () => {
	const release = await build({ 'a.tgz': toPackage('a', {}) }, MEDIA_TYPES.npm);
	await writeFile(join(release.folder, 'artifacts', 'a.tgz'), 'x');
	await expect(
		testArtifacts(toRequest(release, [['node', '-e', '']]), testContext(join(temp, 'run'))),
	).rejects.toEqual(code('RELEASE_ARTIFACT_CHANGED'));
});

test('without commands nothing is installed, and the log says so', async () => {
	const release = await build({ 'a.tgz': Buffer.from('no tarball') }, MEDIA_TYPES.npm);
	const context = testContext(join(temp, 'run'));
	await testArtifacts(toRequest(release, []), context);
	expect(context.lines.join()).toContain('no test commands');
});
