import { gzipSync } from 'node:zlib';
import { toGzip, toTarBytes } from '@slipway/archive';
import { findPackageNameProblem } from './package-name.ts';
import { npmIdentity, readPackage } from './read-package.ts';

type Files = Readonly<Record<string, string>>;

const toTgz = (files: Files): Uint8Array =>
	toGzip(
		toTarBytes(
			Object.entries(files).map(([name, text]) => ({
				type: 'file',
				name,
				mode: 0o644,
				content: Buffer.from(text),
			})),
			{ mtime: 0 },
		),
	);

const packageJson = (fields: object) => JSON.stringify({ name: 'greet', version: '1.2.3', ...fields });

test.each<readonly [string, string, Uint8Array, object | undefined]>([
	[
		'a package',
		'greet-1.2.3.tgz',
		toTgz({ 'package/package.json': packageJson({}), 'package/a.js': '' }),
		{ purl: 'pkg:npm/greet@1.2.3', mediaType: 'application/vnd.npm.package+gzip' },
	],
	[
		'a scoped package, whatever its file is called',
		'x.tgz',
		toTgz({ 'package/package.json': packageJson({ name: '@acme/greet', version: '2.0.0-rc.1' }) }),
		{ purl: 'pkg:npm/%40acme/greet@2.0.0-rc.1' },
	],
	[
		'a byte order mark',
		'x.tgz',
		toTgz({ 'package/package.json': `\uFEFF${packageJson({})}` }),
		{ purl: 'pkg:npm/greet@1.2.3' },
	],
	['another archive', 'x.tgz', toTgz({ 'greet-1.2.3/package.json': packageJson({}) }), undefined],
	['another kind of file', 'greet.tar.gz', toTgz({ 'package/package.json': packageJson({}) }), undefined],
	['no archive', 'x.tgz', Buffer.from('hello'), undefined],
])('%s', async (_, fileName, bytes, expected) => {
	const identity = await npmIdentity(fileName, bytes);
	if (expected) expect(identity).toMatchObject(expected);
	else expect(identity).toBeUndefined();
});

test.each<readonly [string, Uint8Array, string]>([
	[
		'a version with a leading zero',
		toTgz({ 'package/package.json': packageJson({ version: '01.2.3' }) }),
		'NPM_VERSION_INVALID',
	],
	[
		'a name in capitals',
		toTgz({ 'package/package.json': packageJson({ name: 'Greet' }) }),
		'NPM_NAME_INVALID',
	],
	[
		'dependencies that are no map',
		toTgz({ 'package/package.json': packageJson({ dependencies: ['a'] }) }),
		'NPM_PACKAGE_JSON_INVALID',
	],
	['no JSON', toTgz({ 'package/package.json': '{' }), 'NPM_PACKAGE_JSON_INVALID'],
	['a damaged stream', gzipSync('x'.repeat(2000)).subarray(0, 30), 'ARCHIVE_TRUNCATED'],
	[
		'a path that leads out',
		toTgz({ 'package/package.json': packageJson({}), '../evil': '' }),
		'ARCHIVE_PATH_UNSAFE',
	],
	[
		'a bomb',
		toTgz({ 'package/package.json': packageJson({}), 'package/zeros': '\0'.repeat(64 * 1024 * 1024) }),
		'ARCHIVE_LIMIT_EXCEEDED',
	],
])('refuses %s', async (_, bytes, code) => {
	const reading = npmIdentity('x.tgz', bytes);
	await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'SlipwayError', code }));
});

test('what a registry keeps beside package.json', async () => {
	const bytes = toTgz({
		'package/package.json': packageJson({}),
		'package/README.md': '# Greet',
		'package/binding.gyp': '{}',
		'package/npm-shrinkwrap.json': '{}',
	});
	expect(await readPackage(bytes, 'x.tgz')).toMatchObject({
		readme: { fileName: 'README.md', text: '# Greet' },
		hasGypFile: true,
		hasShrinkwrap: true,
	});
});

test.each([
	['greet', true],
	['@acme/greet', true],
	['a.b-c_d~e', true],
	['0', true],
	['', false],
	['.greet', false],
	['_greet', false],
	['@acme', false],
	['@/greet', false],
	['a/b', false],
	['@a/b/c', false],
	['gre et', false],
	['grеet', false],
	['greet\n', false],
	['node_modules', false],
	['fs', false],
	['x'.repeat(215), false],
])('the name %j', (name, isValid) => {
	expect(findPackageNameProblem(name) === undefined).toBe(isValid);
});
