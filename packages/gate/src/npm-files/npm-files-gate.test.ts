import { type Files, makeDeb, makeNpm, makeWorld, toShort, type World } from '../bytes/release.fixture.ts';
import { NPM_FILES_GATE } from './npm-files-gate.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

const PRIVATE = `-----BEGIN ${'PRIVATE'} KEY-----\nMIIE\n`;
const DEPENDENCY = JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { b: '1' } });

type Case = readonly [name: string, files: Files, expected: readonly string[], fields?: object];

const CASES: readonly Case[] = [
	['plain code', { 'index.js': '', 'lib/a.js': '', 'README.md': '' }, []],
	['an environment', { '.env': 'A=1' }, ['error .env']],
	['an environment of a stage', { 'config/.env.production': 'A=1' }, ['error config/.env.production']],
	['an example of an environment', { '.env.example': 'A=' }, []],
	['registry configuration', { '.npmrc': '' }, ['error .npmrc']],
	['a repository', { '.git/config': '', '.git/HEAD': '' }, ['error .git/config', 'error .git/HEAD']],
	['a repository inside', { 'vendor/.git/config': '' }, ['error vendor/.git/config']],
	['a file that speaks of git', { '.gitattributes': '', 'git.js': '' }, []],
	['a private key', { 'test/fixtures/server.pem': PRIVATE }, ['error test/fixtures/server.pem']],
	['a certificate', { 'certs/ca.pem': '-----BEGIN CERTIFICATE-----' }, ['warning certs/ca.pem']],
	['a key of ssh', { 'keys/id_ed25519': '' }, ['error keys/id_ed25519']],
	['its public half', { 'keys/id_ed25519.pub': '' }, []],
	['a key store', { 'a/release.keystore': '', 'b.P12': '' }, ['error a/release.keystore', 'error b.P12']],
	['credentials', { 'test/credentials.json': '{}' }, ['error test/credentials.json']],
	['credentials of a cloud', { '.aws/config': '' }, ['error .aws/config']],
	['a packed package', { 'greet-1.0.0.tgz': '' }, ['warning greet-1.0.0.tgz']],
	[
		'settings of tools',
		{ '.vscode/settings.json': '', '.claude/x': '' },
		['warning .vscode/settings.json', 'warning .claude/x'],
	],
	['a link', { 'a.js': '', l: { link: 'a.js' } }, ['error link:l']],
	['a hard link', { 'a.js': '', l: { link: 'package/a.js', hard: true } }, ['error link:l']],
	['a link that leads out', { l: { link: '../../etc/passwd' } }, ['error unreadable']],
	['a link to an absolute path', { l: { link: '/etc/passwd' } }, ['error unreadable']],
	['a path that climbs', { '../../x': '' }, ['error unreadable']],
	[
		'packages that nothing declares',
		{ 'node_modules/a/package.json': DEPENDENCY, 'node_modules/@s/c/i.js': '' },
		['error bundled:a', 'error bundled:@s/c'],
	],
	[
		'packages that are declared, and what they need',
		{ 'node_modules/a/package.json': DEPENDENCY, 'node_modules/b/i.js': '' },
		['warning bundled'],
		{ bundleDependencies: ['a'] },
	],
	[
		'one more than they need',
		{ 'node_modules/a/package.json': DEPENDENCY, 'node_modules/c/i.js': '' },
		['error bundled:c', 'warning bundled'],
		{ bundledDependencies: ['a'] },
	],
	[
		'all dependencies',
		{ 'node_modules/a/i.js': '' },
		['warning bundled'],
		{ bundleDependencies: true, dependencies: { a: '1' } },
	],
	['a nested node_modules', { 'examples/x/node_modules/a/i.js': '' }, ['error bundled:nested']],
	[
		'a registry of its own',
		{},
		['note publishConfig:registry'],
		{ publishConfig: { registry: 'https://registry.example/' } },
	],
	[
		'a registry without TLS',
		{},
		['error publishConfig:registry'],
		{ publishConfig: { registry: 'http://evil.example/' } },
	],
	[
		'a registry with a login',
		{},
		['error publishConfig:@a:registry'],
		{ publishConfig: { '@a:registry': 'https://u:p@evil.example/' } },
	],
	[
		'what `files` names',
		{ 'dist/a.js': '', 'src/b.ts': '', LICENSE: '' },
		[],
		{ files: ['dist', './src/*.ts'] },
	],
	[
		'what `files` does not name',
		{ 'dist/a.js': '', 'test/b.js': '' },
		['error unlisted:test/b.js'],
		{ files: ['dist/'] },
	],
	[
		'entries that need no naming',
		{ 'cli.js': '', 'main.js': '' },
		[],
		{ files: ['dist'], bin: './cli.js', main: 'main' },
	],
	['names at any depth', { 'a/b/x.js': '', 'c/lib/y.js': '' }, [], { files: ['*.js', 'lib'] }],
	['a list that names all', { 'a/b': '' }, [], { files: ['.'] }],
];

test.each(CASES.map(([name, files, expected, fields = {}]) => [name, files, expected, fields] as const))(
	'%s',
	async (_, files, expected, fields) => {
		const found = await world.run(NPM_FILES_GATE, [makeNpm(files, fields)]);
		expect(toShort(found)).toEqual(expected.map((text) => text.replace(' ', ' npm/greet:')));
	},
);

test('without an npm package it is skipped, and says so', async () => {
	const found = await world.run(NPM_FILES_GATE, [makeDeb({ files: { '.env': '' } })]);
	expect(found).toMatchObject({ findings: [], skipped: 'there is no npm package in this release' });
});

test('H9: lists of patterns that matchers dislike are judged in time', async () => {
	const paths = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${'a'.repeat(80)}${at}`, '']));
	for (const pattern of [
		'+(a|aa)+(a|aa)+(a|aa)b',
		'*a*a*a*a*a*a*a*a*b',
		'{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}x',
		'**/**/**/**/x',
	]) {
		const request = await world.toRequest([makeNpm(paths, { files: [pattern] })]);
		const start = process.threadCpuUsage();
		await NPM_FILES_GATE.check(request, world.context);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1500);
	}
});
