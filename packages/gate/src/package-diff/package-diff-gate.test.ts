import { SlipwayError } from '@slipway/core';
import {
	type Files,
	type Made,
	makeDeb,
	makeNpm,
	makeWorld,
	toPrevious,
	toShort,
	type World,
} from '../bytes/release.fixture.ts';
import { isForeignSpec } from './compare-npm.ts';
import { PACKAGE_DIFF_GATE } from './package-diff-gate.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

const compare = async (now: Made, before: Made, version = '1.0.0') =>
	world.run(PACKAGE_DIFF_GATE, [now], { previous: async () => toPrevious(before, { version }) });

const BASE: Files = { 'index.js': 'export const a = 1;\n' };
const OLD = { version: '1.0.0' };
const ELF = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(60)]);
/** Not to be compressed away. */
const noise = (bytes: number): string =>
	Array.from({ length: bytes / 8 }, (_, at) =>
		(Math.imul(at + 1, 2654435761) >>> 0).toString(16).padStart(7, '0'),
	).join('\n');

type Case = readonly [
	name: string,
	files: Files,
	fields: object,
	oldFields: object,
	expected: readonly string[],
];

describe('an npm package', () => {
	const cases: readonly Case[] = [
		['nothing new', BASE, {}, {}, []],
		['a new source file', { ...BASE, 'lib.js': 'x' }, {}, {}, []],
		[
			'a new executable',
			{ ...BASE, 'run.sh': { mode: 0o755, content: '#!/bin/sh' } },
			{},
			{},
			['error executable:run.sh'],
		],
		[
			'a file that became executable',
			{ 'index.js': { mode: 0o755, content: 'x' } },
			{},
			{},
			['error executable:index.js'],
		],
		['a new binary', { ...BASE, 'build/a.node': ELF }, {}, {}, ['error binary:build/a.node']],
		['a file that became a binary', { 'index.js': ELF }, {}, {}, ['error binary:index.js']],
		['a new dotfile', { ...BASE, '.eslintrc': '{}' }, {}, {}, ['error dot:.eslintrc']],
		[
			'a new dotfolder, told once',
			{ ...BASE, '.claude/a': '1', '.claude/b': '2' },
			{},
			{},
			['error dot:.claude'],
		],
		['code that nobody can read', { 'index.js': 'x'.repeat(6000) }, {}, {}, ['warning unreadable:index.js']],
		[
			'a large addition',
			{ ...BASE, 'data.txt': noise(1_200_000) },
			{},
			{},
			['warning large:data.txt', 'error size:packed', 'error size:unpacked'],
		],
		['an install script', BASE, { scripts: { postinstall: 'node x.js' } }, {}, ['error script:postinstall']],
		[
			'a changed install script',
			BASE,
			{ scripts: { install: 'b' } },
			{ scripts: { install: 'a' } },
			['error script:install'],
		],
		['the same install script', BASE, { scripts: { install: 'a' } }, { scripts: { install: 'a' } }, []],
		['an install script that is gone', BASE, {}, { scripts: { install: 'a' } }, []],
		['scripts of the developers', BASE, { scripts: { test: 'x', build: 'y' } }, {}, []],
		['a prepare script', BASE, { scripts: { prepare: 'x' } }, {}, ['warning script:prepare']],
		['a binding.gyp', { ...BASE, 'binding.gyp': '{}' }, {}, {}, ['error script:install']],
		['a binding.gyp that is not built', { ...BASE, 'binding.gyp': '{}' }, { gypfile: false }, {}, []],
		[
			'a file that an install script runs',
			{ ...BASE, 'index.js': 'other' },
			{ scripts: { install: 'node ./index.js' } },
			{ scripts: { install: 'node ./index.js' } },
			['error install file:index.js'],
		],
		['a new dependency', BASE, { dependencies: { a: '^1.0.0' } }, {}, ['error dependency:a']],
		[
			'another range',
			BASE,
			{ dependencies: { a: '^2.0.0' } },
			{ dependencies: { a: '^1.0.0' } },
			['note dependency:a'],
		],
		[
			'a dependency from git',
			BASE,
			{ dependencies: { a: 'github:evil/a' } },
			{ dependencies: { a: '^1.0.0' } },
			['error dependency:a'],
		],
		['a development dependency', BASE, { devDependencies: { a: 'github:evil/a' } }, {}, []],
		[
			'a new command',
			{ ...BASE, 'cli.js': '' },
			{ bin: { greet: 'cli.js', ls: 'cli.js' } },
			{ bin: 'cli.js' },
			['error command:ls'],
		],
		[
			'a new maintainer',
			BASE,
			{ author: 'Ada', maintainers: [{ name: 'Eve', email: 'e@example.org' }] },
			{ author: 'Ada' },
			['error maintainer:Eve <e@example.org>'],
		],
		[
			'another repository',
			BASE,
			{ repository: 'https://git.example/evil/greet' },
			{},
			['warning repository'],
		],
		['a link', { ...BASE, 'l.js': { link: 'index.js' } }, {}, {}, ['warning link:l.js']],
	];
	test.each(cases)('%s', async (_, files, fields, oldFields, expected) => {
		const found = await compare(makeNpm(files, fields), makeNpm(BASE, { ...OLD, ...oldFields }));
		expect(toShort(found)).toEqual(expected.map((text) => text.replace(' ', ' npm/greet:')));
		expect(found.evidence).toMatchObject([{ name: 'npm/greet 1.0.0 (registry.example)' }]);
	});

	test('a finding names the file', async () => {
		const { findings } = await compare(makeNpm({ ...BASE, '.x/y': '1' }), makeNpm(BASE, OLD));
		expect(findings[0]).toMatchObject({
			message: 'greet-1.1.0.tgz: compared with 1.0.0, .x is new and hidden by its name',
			where: { file: 'artifacts/greet-1.1.0.tgz!/package/.x/y' },
		});
	});

	test('paths that carry the version are the same ones', async () => {
		const run = { mode: 0o755, content: '#!/bin/sh' };
		const found = await compare(makeNpm({ 'greet-1.1.0': run }), makeNpm({ 'greet-1.0.0': run }, OLD));
		expect(found.findings).toEqual([]);
	});
});

describe('a .deb', () => {
	const usual = { files: { 'usr/bin/greet': { mode: 0o755, content: '#!/bin/sh' } } };
	const old = { ...usual, control: { Version: '1.0.0-1', Depends: 'libc6 (>= 2.36)' } };
	const add = (files: Files) => ({ control: { Depends: 'libc6' }, files: { ...usual.files, ...files } });
	test.each<readonly [string, Parameters<typeof makeDeb>[0], readonly string[]]>([
		['nothing new', add({}), []],
		[
			'a new program',
			add({ 'usr/bin/other': { mode: 0o755, content: '' } }),
			['error executable:usr/bin/other'],
		],
		[
			'a maintainer script',
			{ ...add({}), scripts: { postinst: { mode: 0o755, content: '#!/bin/sh' } } },
			['error executable:DEBIAN/postinst', 'error script:postinst'],
		],
		[
			'a unit that starts by itself',
			add({ 'usr/lib/systemd/system/x.service': '' }),
			['error self-starting:usr/lib/systemd/system/x.service'],
		],
		['a cron job', add({ 'etc/cron.d/x': '' }), ['error self-starting:etc/cron.d/x']],
		['a dotfile', add({ 'etc/skel/.profile': '' }), ['error dot:etc/skel/.profile']],
		[
			'a new dependency',
			{ ...usual, control: { Depends: 'libc6, curl | wget' } },
			['error dependency:curl', 'error dependency:wget'],
		],
		[
			'another maintainer',
			{ ...usual, control: { Depends: 'libc6', Maintainer: 'Eve <eve@example.org>' } },
			['error field:maintainer'],
		],
		[
			'a package that takes the place of others',
			{ ...usual, control: { Depends: 'libc6', Replaces: 'bash' } },
			['warning field:replaces'],
		],
	])('%s', async (_, parts, expected) => {
		const found = await compare(makeDeb(parts), makeDeb(old), '1.0.0-1');
		expect(toShort(found)).toEqual(expected.map((text) => text.replace(' ', ' deb/greet/all:')));
	});
});

test('the limit of growth is the policy’s', async () => {
	const [now, before] = [makeNpm({ a: noise(80_000) }), makeNpm({ a: noise(32_000) }, OLD)];
	const request = await world.toRequest([now], { previous: async () => toPrevious(before) });
	const { gates } = request.policy;
	const strict = {
		...request.policy,
		gates: { ...gates, 'package-diff': { level: 'fail', 'max-growth': 2 } },
	};
	expect((await PACKAGE_DIFF_GATE.check(request, world.context)).findings).toEqual([]);
	const found = await PACKAGE_DIFF_GATE.check(
		{ ...request, policy: strict as typeof request.policy },
		world.context,
	);
	expect(toShort(found)).toEqual(['error npm/greet:size:packed', 'error npm/greet:size:unpacked']);
});

test('without a predecessor there is nothing to compare, and that is said', async () => {
	const found = await world.run(PACKAGE_DIFF_GATE, [makeNpm(), makeDeb()]);
	expect(found).toMatchObject({ findings: [], skipped: 'no package of this release has a predecessor' });
});

test('a registry that does not answer is no pass', async () => {
	const previous = async () => {
		throw new SlipwayError('NPM_REGISTRY_UNREACHABLE', 'no answer', { hint: 'Again.' });
	};
	const found = await world.run(PACKAGE_DIFF_GATE, [makeNpm()], { previous });
	expect(toShort(found)).toEqual(['error npm/greet:predecessor']);
	expect(found.skipped).toBeUndefined();
});

test('a predecessor that cannot be read is no pass', async () => {
	const previous = async () => ({ ...toPrevious(makeNpm()), bytes: Buffer.from('no gzip') });
	expect(toShort(await world.run(PACKAGE_DIFF_GATE, [makeNpm()], { previous }))).toEqual([
		'error npm/greet:predecessor',
	]);
});

test.each([
	['^1.0.0', false],
	['1.x || >=2', false],
	['latest', false],
	['*', false],
	['', false],
	['git+https://git.example/a.git', true],
	['git@git.example:a/b.git', true],
	['github:a/b', true],
	['a/b#main', true],
	['https://example.org/a.tgz', true],
	['file:../a', true],
	['../a', true],
	['npm:other@1', true],
	['workspace:*', true],
	['>=1.0.0 <2.0.0-0', false],
])('%s from outside the registry: %s', (spec, expected) => expect(isForeignSpec(spec)).toBe(expected));
