import {
	type Files,
	makeDeb,
	makeNpm,
	makeWorld,
	pretend,
	toShort,
	type World,
} from '../bytes/release.fixture.ts';
import { METADATA_GATE } from './metadata-gate.ts';
import { findNameProblem } from './names.ts';
import { toRepositoryKey } from './repository.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

const withLabel = (label: string, expected: readonly string[]) =>
	expected.map((text) => text.replace(' ', ` ${label}:`));

describe('package.json', () => {
	type Case = readonly [name: string, fields: object, expected: readonly string[], files?: Files];
	const cases: readonly Case[] = [
		['as it should be', {}, []],
		['no licence', { license: undefined }, ['warning license']],
		['a licence that is no expression', { license: 'MIT-ish' }, ['error license']],
		['an expression', { license: '(MIT OR Apache-2.0) AND BSD-2-Clause' }, []],
		['a licence in a file', { license: 'SEE LICENSE IN LICENCE.txt' }, [], { 'LICENCE.txt': 'x' }],
		['a licence in a file that is not there', { license: 'SEE LICENSE IN LICENCE.txt' }, ['error license']],
		['a licence as an object', { license: { type: 'MIT' } }, ['error field:license', 'warning license']],
		['no repository', { repository: undefined }, ['warning repository']],
		[
			'the same repository, spelled otherwise',
			{ repository: { url: 'git+ssh://git@git.example/acme/greet.git' } },
			[],
		],
		['another repository', { repository: 'https://git.example/evil/greet' }, ['error repository']],
		['a repository that is none', { repository: 'here' }, ['error repository']],
		['private', { private: true }, ['error private']],
		['a command that is not there', { bin: { greet: './cli.js' } }, ['error bin:./cli.js']],
		['a command that is there', { bin: { greet: './cli.js' } }, [], { 'cli.js': '' }],
		['an entry that is not there', { main: 'lib' }, ['warning main']],
		['an entry that is a folder', { main: 'lib' }, [], { 'lib/index.js': '' }],
		[
			'exports that are not there',
			{ exports: { '.': { import: './a.mjs', default: './b.js' } } },
			['warning exports:./a.mjs'],
			{ 'b.js': '' },
		],
		['exports by a pattern', { exports: { './*': './lib/*.js' } }, []],
		['types that are not there', { types: 'index.d.ts' }, ['warning types']],
		['dependencies of another form', { dependencies: { a: 1 } }, ['error field:dependencies']],
		['scripts of another form', { scripts: ['a'] }, ['error field:scripts']],
		['a file that cannot be told from another', {}, ['error path:indeх.js'], { 'indeх.js': '' }],
		['a file in another script', {}, [], { 'документация.md': '', '説明.md': '' }],
	];
	test.each(cases.map(([name, fields, expected, files = {}]) => [name, fields, expected, files] as const))(
		'%s',
		async (_, fields, expected, files) => {
			const found = await world.run(METADATA_GATE, [makeNpm(files, fields)]);
			expect(toShort(found)).toEqual(withLabel('npm/greet', expected));
		},
	);

	test.each<readonly [string, string]>([
		['build metadata', '1.0.0+meta'],
		['a v', 'v1.0.0'],
		['leading zeros', '01.2.3'],
		['300 characters', `1.0.0-${'a'.repeat(300)}`],
		['a range', '^1.0.0'],
	])('H10: a version with %s is refused', async (_, version) => {
		const made = pretend(makeNpm({}, { version }), makeNpm());
		expect(toShort(await world.run(METADATA_GATE, [made]))).toContain('error npm/greet:version');
	});

	test.each<readonly [string, string]>([
		['capitals', 'Greet'],
		['a Cyrillic letter', 'grееt'],
		['a zero-width space', 'gr\u200beet'],
		['a turn of direction', 'greet\u202e'],
		['a slash too many', '@a/b/c'],
		['a dot in front', '.greet'],
	])('H6: a name with %s is refused', async (_, name) => {
		const made = pretend(makeNpm({}, { name }), makeNpm());
		const found = toShort(await world.run(METADATA_GATE, [made]));
		expect(found).toEqual(expect.arrayContaining(['error npm/greet:name', 'error npm/greet:name:purl']));
	});

	test('another package than the manifest says is refused', async () => {
		const made = pretend(makeNpm({}, { name: '@evil/greet', version: '6.6.6' }), makeNpm());
		expect(toShort(await world.run(METADATA_GATE, [made]))).toEqual([
			'error npm/greet:name:purl',
			'error npm/greet:version:purl',
		]);
	});

	test.each(['{', '[]', '{"name":1}', ''])('%j is no package.json', async (text) => {
		const made = makeNpm({ 'package.json': text });
		const found = await world.run(METADATA_GATE, [made]);
		expect(toShort(found)).toEqual(['error npm/greet:unreadable']);
	});
});

describe('a control file', () => {
	type Parts = NonNullable<Parameters<typeof makeDeb>[0]>;
	test.each<readonly [string, Parts, readonly string[]]>([
		['as it should be', {}, []],
		['no maintainer', { control: { Maintainer: undefined } }, ['error maintainer']],
		['a maintainer without an address', { control: { Maintainer: 'Ada' } }, ['error maintainer']],
		['a field of the archive', { control: { Filename: 'pool/x.deb' } }, ['error filename']],
		[
			'a field in two lines',
			{ control: { Homepage: 'https://a.example/\n https://b.example/' } },
			['error homepage'],
		],
		['a description in lines', { control: { Description: 'says hello\n and more' } }, []],
		['relations', { control: { Depends: 'libc6 (>= 2.36), a | b:any, c (= 1:2~rc1-1)' } }, []],
		['a relation that is none', { control: { Depends: 'libc6 >= 2' } }, ['error depends']],
		['a home page that is none', { control: { Homepage: 'javascript:x' } }, ['error homepage']],
		['a size in words', { control: { 'Installed-Size': 'large' } }, ['error installed-size']],
		['a path of the administrator', { files: { 'usr/local/bin/greet': '' } }, ['error path']],
	])('%s', async (_, parts, expected) => {
		const found = await world.run(METADATA_GATE, [makeDeb(parts)]);
		expect(toShort(found)).toEqual(withLabel('deb/greet/all', expected));
	});

	test.each<readonly [string, Parts, string]>([
		['another name', { control: { Package: 'other' } }, 'error deb/greet/all:package:purl'],
		['another version', { control: { Version: '6.6.6-1' } }, 'error deb/greet/all:version:purl'],
		['another architecture', { control: { Architecture: 'amd64' } }, 'error deb/greet/all:architecture:purl'],
		['a version that is none', { control: { Version: 'v1' } }, 'error deb/greet/all:version'],
		['a name with a slash', { control: { Package: '../x' } }, 'error deb/greet/all:package'],
	])('with %s than the manifest says', async (_, parts, expected) => {
		const made = pretend(makeDeb(parts), makeDeb());
		expect(toShort(await world.run(METADATA_GATE, [made]))).toContain(expected);
	});

	test.each<readonly [string, string]>([
		['H11: two stanzas', 'hello\n\nPackage: evil'],
		['H11: a stanza of blanks', 'hello\n \nPackage: evil'],
		['a field twice', 'hello\nPackage: evil'],
		['a line that is no field', 'hello\nevil'],
	])('%s cannot be read', async (_, description) => {
		const found = await world.run(METADATA_GATE, [makeDeb({ control: { Description: description } })]);
		expect(toShort(found)).toEqual(['error deb/greet/all:unreadable']);
	});

	test('without a licence file', async () => {
		const found = await world.run(METADATA_GATE, [makeDeb({ control: { Package: 'other' } })]);
		expect(toShort(found)).toEqual(['warning deb/other/all:copyright']);
	});
});

test.each<readonly [string, string | undefined]>([
	['readme.md', undefined],
	['größe.txt', undefined],
	['Ελλάδα', undefined],
	['日本語', undefined],
	['pаypal', 'mixes Latin and Cyrillic letters'],
	['сора', 'has Cyrillic letters only that look like Latin ones'],
	['a\u2215b', 'has characters that cannot be seen, or that look like a slash or dot'],
	['a\u00adb', 'has characters that cannot be seen, or that look like a slash or dot'],
	['e\u0301', 'is not in Unicode normal form C'],
])('the name %j', (name, expected) => expect(findNameProblem(name)).toBe(expected));

test.each<readonly [string, string | undefined]>([
	['https://github.com/Acme/Greet.git', 'github.com/acme/greet'],
	['git+https://github.com/acme/greet.git', 'github.com/acme/greet'],
	['git@github.com:acme/greet.git', 'github.com/acme/greet'],
	['git://github.com/acme/greet', 'github.com/acme/greet'],
	['acme/greet', 'github.com/acme/greet'],
	['gitlab:acme/greet', 'gitlab.com/acme/greet'],
	['https://user:pass@git.example/acme/greet/', 'git.example/acme/greet'],
	['greet', undefined],
	['https://git.example/', undefined],
])('the repository %s', (text, expected) => expect(toRepositoryKey(text)).toBe(expected));

test('H9: a megabyte of anything is judged in time', async () => {
	for (const unit of ['a', ' ', '(', 'a b ', 'MIT OR ', '@', '../', '-1', '\u0430', ',']) {
		const text = unit.repeat(Math.floor(1_000_000 / unit.length));
		const fields = { license: text, repository: text, name: text, version: text, main: text, homepage: text };
		const made = [
			pretend(makeNpm({ 'package.json': JSON.stringify(fields) }), makeNpm()),
			pretend(
				makeDeb({ control: { Depends: text.slice(0, 900_000), Maintainer: text.slice(0, 90_000) } }),
				makeDeb(),
			),
		];
		const request = await world.toRequest(made);
		const start = process.threadCpuUsage();
		await METADATA_GATE.check(request, world.context);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1500);
	}
});
