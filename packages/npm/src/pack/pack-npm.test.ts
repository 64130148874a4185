import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findNpmCli, run } from '@slipway/process';
import { packNpm } from './pack-npm.ts';

let root = '';
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'pack-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | object>>;

const write = (folder: string, files: Files): void => {
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
	}
};

interface Member {
	readonly path: string;
	readonly mode: number;
	readonly size: number;
	readonly mtime: number;
}

/** A reader of its own, so that the writer is not its own witness. */
const readMembers = (bytes: Uint8Array): readonly Member[] => {
	const tar = gunzipSync(bytes);
	const members: Member[] = [];
	for (let at = 0; tar[at] !== 0 && at < tar.length; ) {
		const text = (from: number, length: number) =>
			tar
				.subarray(at + from, at + from + length)
				.toString()
				.replace(/\0.*$/s, '');
		const size = Number.parseInt(text(124, 12), 8);
		members.push({
			path: text(0, 100).replace(/^package\//, ''),
			mode: Number.parseInt(text(100, 8), 8),
			size,
			mtime: Number.parseInt(text(136, 12), 8),
		});
		at += 512 + Math.ceil(size / 512) * 512;
	}
	return members;
};

/** What the real client would pack. */
const npmPack = async (
	folder: string,
): Promise<readonly { readonly path: string; readonly size: number }[]> => {
	const { stdout, code, stderr } = await run(
		[...findNpmCli(), 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'],
		{
			cwd: folder,
			environment: { PATH: process.env.PATH, HOME: root, npm_config_cache: join(root, '.cache') },
		},
	);
	if (code !== 0) throw new Error(stderr);
	return JSON.parse(stdout)[0].files;
};

const base = { name: 'greet', version: '1.2.3' };

const FIXTURES: readonly (readonly [string, Files])[] = [
	['a bare package', { 'package.json': base, 'index.js': '1', 'lib/a.js': '2', 'README.md': '#' }],
	[
		'files with a folder, a glob and a negation',
		{
			'package.json': { ...base, files: ['dist', 'lib/**/*.js', '!lib/secret.js', '/top.txt'] },
			'dist/a.js': '1',
			'dist/deep/b.css': '2',
			'lib/x/y.js': '3',
			'lib/secret.js': '4',
			'lib/readme.txt': '5',
			'top.txt': '6',
			'other.js': '7',
			LICENSE: 'MIT',
			'CHANGELOG.md': 'x',
		},
	],
	[
		'.npmignore in two folders beside .gitignore',
		{
			'package.json': base,
			'.gitignore': 'kept.js\n',
			'.npmignore': '*.log\nfixtures/\n',
			'kept.js': '1',
			'a.log': '2',
			'fixtures/f.js': '3',
			'sub/.npmignore': 'b.js\n',
			'sub/a.js': '4',
			'sub/b.js': '5',
		},
	],
	[
		'only .gitignore',
		{
			'package.json': base,
			'.gitignore': 'dist\n',
			'dist/a.js': '1',
			'src/a.js': '2',
			'src/.gitignore': '*.map',
			'src/a.map': '3',
		},
	],
	[
		'always in, never out: main, bin, README, licence; lock files, .npmrc, .git',
		{
			'package.json': {
				...base,
				files: ['nothing'],
				main: 'lib/main.js',
				bin: { greet: './bin/greet.js' },
				browser: 'b.js',
			},
			'lib/main.js': '1',
			'lib/other.js': '1',
			'bin/greet.js': '#!/usr/bin/env node',
			'b.js': '2',
			'readme.markdown': '#',
			'LICENCE.txt': 'MIT',
			COPYING: 'x',
			'package-lock.json': '{}',
			'.npmrc': 'x=y',
			'.git/config': 'x',
			'.DS_Store': 'x',
			'a.orig': 'x',
		},
	],
	[
		'bin as a string',
		{ 'package.json': { ...base, name: '@acme/greet', bin: 'cli.js', files: [] }, 'cli.js': '#!' },
	],
	[
		'bundled dependencies and what they need',
		{
			'package.json': {
				...base,
				dependencies: { a: '1', c: '1' },
				bundleDependencies: ['a'],
				files: ['index.js'],
			},
			'index.js': '1',
			'node_modules/a/package.json': {
				name: 'a',
				version: '1.0.0',
				dependencies: { b: '1', '@s/d': '1' },
				files: ['x.js'],
			},
			'node_modules/a/x.js': '1',
			'node_modules/a/y.js': '2',
			'node_modules/a/node_modules/@s/d/package.json': { name: '@s/d', version: '1.0.0' },
			'node_modules/a/node_modules/@s/d/d.js': '3',
			'node_modules/b/package.json': { name: 'b', version: '1.0.0' },
			'node_modules/b/b.js': '4',
			'node_modules/c/package.json': { name: 'c', version: '1.0.0' },
			'node_modules/c/c.js': '5',
		},
	],
	[
		'bundling everything',
		{
			'package.json': { ...base, dependencies: { a: '1' }, bundledDependencies: true },
			'node_modules/a/package.json': { name: 'a', version: '1.0.0' },
			'node_modules/a/x.js': '1',
		},
	],
	[
		'a root with workspaces',
		{
			'package.json': { ...base, workspaces: ['packages/*'] },
			'packages/a/package.json': { name: 'a', version: '1.0.0', files: ['x.js'] },
			'packages/a/x.js': '1',
			'packages/a/y.js': '1',
			'index.js': '2',
		},
	],
];

test.each(FIXTURES)('packs what npm packs: %s', async (_, files) => {
	const folder = join(root, 'project');
	write(folder, files);
	const { bytes } = await packNpm(folder, { epoch: 1_700_000_000 });
	const expected = await npmPack(folder);
	const sizes = (list: readonly { readonly path: string; readonly size: number }[]) =>
		list.map(({ path, size }) => `${path} ${size}`).sort();
	expect(sizes(readMembers(bytes))).toEqual(sizes(expected));
});

test('a workspace is packed under the ignore rules of the root above it, as npm does', async () => {
	write(root, {
		'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
		'packages/.gitignore': '*.tmp\n',
		'.gitignore': 'dist\n',
		'packages/a/package.json': { name: 'a', version: '1.0.0' },
		'packages/a/dist/x.js': '1',
		'packages/a/y.js': '2',
		'packages/a/z.tmp': '3',
	});
	const folder = join(root, 'packages/a');
	const { bytes } = await packNpm(folder, { epoch: 0 });
	const expected = (await npmPack(folder)).map(({ path }) => path).sort();
	expect(
		readMembers(bytes)
			.map(({ path }) => path)
			.sort(),
	).toEqual(expected);
	expect(expected).not.toContain('dist/x.js');
});

test('what Slipway keeps of earlier builds is no part of the package: the next build gives the same bytes', async () => {
	const folder = join(root, 'project');
	write(folder, { 'package.json': base, 'index.js': '1' });
	const before = await packNpm(folder, { epoch: 0 });
	write(folder, { '.slipway/releases/1.2.3/manifest.json': '{}', '.slipway/journal/plan.json': '{}' });
	const after = await packNpm(folder, { epoch: 0 });
	expect(Buffer.compare(before.bytes, after.bytes)).toBe(0);
});

test('real npm unpacks and installs it, commands executable', async () => {
	const folder = join(root, 'project');
	write(folder, {
		'package.json': { ...base, bin: './cli.js' },
		'cli.js': '#!/usr/bin/env node\nconsole.log("hello")\n',
		[`${'long/'.repeat(30)}name.js`]: '1',
	});
	const { fileName, bytes } = await packNpm(folder, { epoch: 1_700_000_000 });
	expect(fileName).toBe('greet-1.2.3.tgz');
	writeFileSync(join(root, fileName), bytes);
	write(root, { 'consumer/package.json': { name: 'consumer' } });
	const environment = { PATH: process.env.PATH, HOME: root, npm_config_cache: join(root, '.cache') };
	const cwd = join(root, 'consumer');
	const install = await run(
		[...findNpmCli(), 'install', '--offline', '--ignore-scripts', join(root, fileName)],
		{ cwd, environment },
	);
	expect(install.code).toBe(0);
	const { stdout } = await run([join(cwd, 'node_modules/.bin/greet')], { cwd, environment });
	expect(stdout).toBe('hello\n');
});

test('the same bytes whatever the folder, the file modes, times and the time zone', async () => {
	const files = { 'package.json': { ...base, bin: 'cli.js' }, 'cli.js': '#!', 'a.js': '1', 'run.sh': '#!' };
	const pack = async (folder: string, mode: number) => {
		write(folder, files);
		for (const name of ['package.json', 'a.js']) chmodSync(join(folder, name), mode);
		chmodSync(join(folder, 'run.sh'), mode | 0o100);
		return (await packNpm(folder, { epoch: 1_700_000_000 })).bytes;
	};
	const a = await pack(join(root, 'a'), 0o644);
	const b = await pack(join(root, 'elsewhere/deep'), 0o600);
	expect(Buffer.compare(a, b)).toBe(0);
	expect(readMembers(a)).toContainEqual({ path: 'run.sh', mode: 0o755, size: 2, mtime: 1_700_000_000 });
	expect(readMembers(a)).toContainEqual({ path: 'cli.js', mode: 0o755, size: 2, mtime: 1_700_000_000 });
	expect(readMembers(a)).toContainEqual({ path: 'a.js', mode: 0o644, size: 1, mtime: 1_700_000_000 });
});

test('no script of the package is run (H13)', async () => {
	const ran = join(root, 'ran');
	const touch = `node -e "require('fs').writeFileSync(process.argv[1],'')" ${ran}`;
	const scripts = { prepack: touch, prepare: touch, postpack: touch, prepublishOnly: touch };
	write(root, { 'package.json': { ...base, scripts } });
	const { bytes } = await packNpm(root, { epoch: 0 });
	expect(readMembers(bytes).map(({ path }) => path)).toEqual(['package.json']);
	// Those that run after packing would not be in the package.
	expect(existsSync(ran)).toBe(false);
});

const REFUSED: readonly (readonly [string, object, string])[] = [
	['files that lead out', { ...base, files: ['../secret.txt'] }, 'NPM_FILES_ESCAPE'],
	['files that lead out and back', { ...base, files: ['lib/../../secret.txt'] }, 'NPM_FILES_ESCAPE'],
	[
		'another registry',
		{ ...base, publishConfig: { registry: 'https://evil.example/' } },
		'NPM_REGISTRY_MISMATCH',
	],
	[
		'another registry of its scope',
		{ ...base, name: '@a/b', publishConfig: { '@a:registry': 'https://evil.example/' } },
		'NPM_REGISTRY_MISMATCH',
	],
	['a private package', { ...base, private: true }, 'NPM_PACKAGE_PRIVATE'],
	['an upper-case name', { ...base, name: 'Greet' }, 'NPM_NAME_INVALID'],
	['a name that leads out', { ...base, name: '../greet' }, 'NPM_NAME_INVALID'],
	['a name of a core module', { ...base, name: 'http' }, 'NPM_NAME_INVALID'],
	['a version with v', { ...base, version: 'v1.2.3' }, 'NPM_VERSION_INVALID'],
	['a version with a leading zero', { ...base, version: '01.2.3' }, 'NPM_VERSION_INVALID'],
	['a version with build metadata', { ...base, version: '1.0.0+meta' }, 'NPM_VERSION_INVALID'],
	['a version of 300 characters', { ...base, version: `1.0.0-${'a'.repeat(294)}` }, 'NPM_VERSION_INVALID'],
	['no version', { name: 'greet' }, 'NPM_PACKAGE_JSON_INVALID'],
	['files that are no list', { ...base, files: 'lib' }, 'NPM_PACKAGE_JSON_INVALID'],
];

test.each(REFUSED)('refuses %s', async (_, packageJson, code) => {
	const folder = join(root, 'project');
	write(root, { 'secret.txt': 'secret' });
	write(folder, { 'package.json': packageJson });
	const packing = packNpm(folder, { epoch: 0, registry: 'https://registry.example/' });
	await expect(packing).rejects.toMatchObject({ name: 'SlipwayError', code });
});

test('a bundled dependency that is a link out of the folder is refused; other links are left out as npm does', async () => {
	const folder = join(root, 'project');
	write(root, { 'outside/package.json': { name: 'a', version: '1.0.0' }, 'outside/a.js': '1' });
	write(folder, { 'package.json': base, 'index.js': '1' });
	symlinkSync(join(root, 'outside'), join(folder, 'linked'));
	symlinkSync(join(root, 'outside/a.js'), join(folder, 'linked.js'));
	const { bytes } = await packNpm(folder, { epoch: 0 });
	expect(
		readMembers(bytes)
			.map(({ path }) => path)
			.sort(),
	).toEqual(['index.js', 'package.json']);
	write(folder, { 'package.json': { ...base, dependencies: { a: '1' }, bundleDependencies: ['a'] } });
	mkdirSync(join(folder, 'node_modules'));
	symlinkSync(join(root, 'outside'), join(folder, 'node_modules/a'));
	await expect(packNpm(folder, { epoch: 0 })).rejects.toMatchObject({ code: 'NPM_FILES_ESCAPE' });
});
