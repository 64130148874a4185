import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseConfig } from '@slipway/core/config';
import { CHARACTERS, toCharacter, toCharacterIndex } from '@slipway/testing';
import fc from 'fast-check';
import { PLACEHOLDER } from '../library.ts';
import { makeProject, PROJECTS } from '../project.fixture.ts';
import { toExpression } from '../starters/callers.ts';
import { toStarterFiles } from '../starters/render.ts';
import { detectProject } from './detect.ts';

const NOTHING = { repository: undefined, version: undefined, person: undefined };

let folder: string;

beforeEach(async () => {
	folder = await makeProject({});
});

afterEach(() => rm(dirname(folder), { recursive: true, force: true }));

const write = async (path: string, text: string): Promise<void> => {
	await mkdir(dirname(join(folder, path)), { recursive: true });
	await writeFile(join(folder, path), text);
};

const character = fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex);

/** Files of real kinds, one of them with a piece cut out and another put in. */
const mutant = fc
	.record({
		files: fc.constantFrom(...Object.values(PROJECTS)),
		which: fc.nat(20),
		at: fc.nat(300),
		length: fc.nat(30),
		piece: fc.oneof(
			fc.string({ unit: character, maxLength: 12 }),
			fc.constantFrom(
				'"',
				'{',
				'[',
				'\n',
				':',
				'\\u0000',
				'../',
				'null',
				'1e999',
				toExpression('x'),
				'[[bin]]',
				"'",
				'#',
			),
		),
	})
	.map(({ files, which, at, length, piece }) => {
		const all = Object.entries(files);
		const chosen = which % all.length;
		return all.map(([path, text], index) =>
			index === chosen
				? ([path, text.slice(0, at) + piece + text.slice(at + length)] as const)
				: ([path, text] as const),
		);
	});

test('whatever the files hold: a configuration that can be read, or an error of its own', async () => {
	await fc.assert(
		fc.asyncProperty(mutant, async (files) => {
			await rm(folder, { recursive: true, maxRetries: 5, retryDelay: 50 });
			await mkdir(folder);
			for (const [path, text] of files) await write(path, text);
			try {
				const facts = await detectProject(folder, NOTHING);
				const targets = facts.debs.length > 0 ? (['apt', 'github'] as const) : (['github'] as const);
				const rendered = toStarterFiles(facts, {
					...{ library: PLACEHOLDER, targets, runners: ['x'], repository: facts.repository, policy: false },
				});
				parseConfig(rendered[0]?.text ?? '');
			} catch (error) {
				expect(error).toMatchObject({ code: expect.stringMatching(/^INIT_/) });
			}
		}),
		{ numRuns: 400, interruptAfterTimeLimit: 12_000 },
	);
});

const MB = 1_000_000;

// Functions instead of texts: the runner would print them into its titles.
test.each([
	['pyproject.toml', () => `[project]\nname = "x"\nversion = "${'1'.repeat(MB)}"`],
	['CMakeLists.txt', () => `project(${' '.repeat(MB)}`],
	['CMakeLists.txt', () => `project(a VERSION${'project(a '.repeat(90_000)}`],
	['meson.build', () => `project('a', ${"version : '".repeat(90_000)}`],
	['Makefile', () => `VERSION${' '.repeat(MB)}x`],
	['go.mod', () => `module ${'a/'.repeat(490_000)}`],
	['package.json', () => JSON.stringify({ name: 'x', version: '1.0.0', repository: '@'.repeat(900_000) })],
	[
		'package.json',
		() => JSON.stringify({ name: 'x', version: '1.0.0', workspaces: ['{a,b}'.repeat(100_000)] }),
	],
	['package.json', () => JSON.stringify({ name: 'x', version: '1.0.0', workspaces: ['*/'.repeat(1000)] })],
])('a hostile %s costs no time (H9)', async (path, toText) => {
	await write(path, toText());
	await detectProject(folder, NOTHING).catch(() => undefined);
	const start = process.threadCpuUsage();
	await detectProject(folder, NOTHING).catch((error) =>
		expect(error).toMatchObject({ code: expect.stringMatching(/^INIT_/) }),
	);
	const { user, system } = process.threadCpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(200);
});

describe('what has to be made before it is packed', () => {
	const manifest = { name: 'x', version: '1.0.0', main: 'dist/x.js', scripts: { build: 'tsc' } };
	const find = async (more: object, files: Readonly<Record<string, string>> = {}) => {
		await write('package.json', JSON.stringify({ ...manifest, ...more }));
		for (const [name, text] of Object.entries(files)) await write(name, text);
		return (await detectProject(folder, NOTHING)).commands;
	};

	test.each([
		[
			'a lock file of npm',
			{},
			'package-lock.json',
			[
				['npm', 'ci'],
				['npm', 'run', 'build'],
			],
		],
		[
			'one of yarn',
			{},
			'yarn.lock',
			[
				['npx', '--yes', 'yarn', 'install', '--frozen-lockfile'],
				['npx', '--yes', 'yarn', 'run', 'build'],
			],
		],
		[
			'one of a newer yarn',
			{ packageManager: 'yarn@4.1.0' },
			'yarn.lock',
			[
				['corepack', 'yarn', 'install', '--immutable'],
				['corepack', 'yarn', 'run', 'build'],
			],
		],
		[
			'none, and files are missing',
			{},
			undefined,
			[
				['npm', 'install', '--no-audit', '--no-fund'],
				['npm', 'run', 'build'],
			],
		],
		[
			'another script',
			{ scripts: { prepack: 'tsc' } },
			'package-lock.json',
			[
				['npm', 'ci'],
				['npm', 'run', 'prepack'],
			],
		],
		['hooks of a checkout only', { scripts: { prepare: 'husky' } }, 'package-lock.json', []],
		['no script', { scripts: {} }, 'package-lock.json', []],
	])('%s', async (_, more, lock, commands) => {
		expect(await find(more, lock === undefined ? {} : { [lock]: '' })).toEqual(commands);
	});

	test('nothing, where everything that is published lies there: an unpacked package', async () => {
		expect(await find({}, { 'dist/x.js': '' })).toEqual([]);
	});
});
