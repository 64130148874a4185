import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRelease, verifyRelease } from '@slipway/archive';
import { describeWith, testContext } from '@slipway/testing';
import type { Maker } from '../make-files.ts';
import { type BuildRequest, runBuild } from '../run-build.ts';
import { reproduce } from './reproduce.ts';

const REAL_CLOCK = { now: () => Date.now(), sleep: async () => {} };
let temp: string;
let project: string;

beforeEach(async () => {
	temp = await realpath(await mkdtemp(join(tmpdir(), 'slipway-reproduce-')));
	project = join(temp, 'p');
	await mkdir(project);
	await mkdir(join(temp, 'run'));
	await writeFile(join(project, 'source.txt'), 'source');
	// Sources are older than their build; what is written in the same moment passes for a result of it.
	await utimes(join(project, 'source.txt'), LONG_AGO, LONG_AGO);
});
afterEach(() => rm(temp, { recursive: true }));

const toContext = () => testContext(join(temp, 'run'), REAL_CLOCK);

const LONG_AGO = new Date('2026-01-02T03:04:05Z');

/** A project whose one command runs this script, and whose one output is out.txt. */
const toRequest = (script: string, more: Partial<BuildRequest> = {}): BuildRequest => ({
	projectFolder: project,
	project: 'p',
	version: '1.0.0',
	commands: [['node', '-e', `const fs = require('fs'), os = require('os'); ${script}`]],
	outputs: ['out.txt'],
	makers: [],
	readers: [],
	environment: process.env,
	releaseFolder: join(temp, 'release'),
	tool: { name: 'test', version: '0' },
	...more,
});
const write = (expression: string): string => `fs.writeFileSync('out.txt', String(${expression}))`;

const twice = async (request: BuildRequest) => {
	const release = await runBuild(request, toContext());
	const before = await readFile(join(release.folder, 'manifest.json'));
	const reproduction = await reproduce(request, toContext());
	expect(await readFile(join(release.folder, 'manifest.json'))).toEqual(before);
	await verifyRelease(await readRelease(release.folder));
	return reproduction;
};

test('a build that depends on nothing but its source is reproducible', async () => {
	const reproduction = await twice(
		toRequest(write('fs.readFileSync("source.txt") + process.env.SOURCE_DATE_EPOCH')),
	);
	expect(reproduction.artifacts).toEqual([{ name: 'out.txt', verdict: 'identical', differences: [] }]);
	expect(reproduction.identical).toBe(true);
	expect(reproduction.kept.join()).not.toContain('packing');
	expect(reproduction.text).toContain('reproducible: 1 of 1 artifacts have the same bytes');
	expect(await readdir(join(temp, 'run'))).toEqual([]);
	const record = await readFile(
		join(temp, 'release', 'records', `reproduce-${process.platform}-${process.arch}.json`),
		'utf8',
	);
	expect(record).toContain('reproducible');
});

describe('what a build must not let into its artifacts', () => {
	const leaks: [what: string, expression: string][] = [
		['the folder', 'process.cwd()'],
		['the length of the folder', 'process.cwd().length'],
		['the clock', 'process.hrtime.bigint()'],
		['random numbers', 'Math.random()'],
		['the locale', 'process.env.LC_ALL'],
		['how the locale writes numbers', '(1234.5).toLocaleString()'],
		['the time zone', 'new Date(0).toString()'],
		['home', 'os.homedir()'],
		['the user', 'process.env.USER'],
		['the environment', 'Object.keys(process.env).sort()'],
		['the time of a source', 'fs.statSync("source.txt").mtimeMs'],
	];
	if (process.platform !== 'win32') leaks.push(['umask', 'process.umask()']);
	if (process.platform === 'linux') leaks.push(['processors', 'os.availableParallelism()']);

	test('is found, each', async () => {
		const script = leaks
			.map(([, expression], index) => `fs.writeFileSync('${index}.txt', String(${expression}))`)
			.join(';');
		const request = toRequest(script, { outputs: leaks.map((_, index) => `${index}.txt`) });
		const { identical, artifacts, text } = await twice(request);
		expect(identical).toBe(false);
		const found = artifacts.filter(({ verdict }) => verdict === 'differs').map(({ name }) => name);
		expect(leaks.filter((_, index) => !found.includes(`${index}.txt`))).toEqual([]);
		expect(text).toMatch(/0\.txt: differs\n {2}0\.txt: \d+ bytes .* differ, the first at offset \d+/);
	});
});

test('results of the first build are left behind, so that a build that skips work is found out', async () => {
	const lazy = `if (!fs.existsSync('cache/made')) { fs.mkdirSync('cache', { recursive: true }); fs.writeFileSync('cache/made', process.cwd()) }
		fs.copyFileSync('cache/made', 'out.txt')`;
	expect((await twice(toRequest(lazy))).identical).toBe(false);
});

test('dependencies in a folder above the project are found', async () => {
	await mkdir(join(temp, 'node_modules', 'dep'), { recursive: true });
	await writeFile(join(temp, 'node_modules', 'dep', 'index.js'), 'module.exports = 42');
	expect((await twice(toRequest(write("require('dep')")))).identical).toBe(true);
	expect(await readdir(join(temp, 'node_modules', 'dep'))).toEqual(['index.js']);
});

test('more and fewer artifacts are told', async () => {
	const made: Maker = async ({ projectFolder }) => [
		{ fileName: projectFolder === project ? 'first.bin' : 'second.bin', bytes: Buffer.from('x') },
	];
	const { artifacts, text, kept } = await twice(toRequest(write('1'), { makers: [made] }));
	expect(kept.join()).toContain('packing of .tgz and .deb: the same process');
	expect(text).toMatch(/^not varied here: .*packing of \.tgz and \.deb/m);
	expect(artifacts.map(({ name, verdict }) => [name, verdict])).toEqual([
		['first.bin', 'missing'],
		['out.txt', 'identical'],
		['second.bin', 'added'],
	]);
	expect(text).toContain('not reproducible: 2 of 3 artifacts differ');
});

describeWith('tar', 'inside archives', () => {
	test('the report names the member and the field', async () => {
		const request = toRequest('', {
			commands: [
				[
					'node',
					'-e',
					'fs=require("fs");fs.mkdirSync("d");fs.writeFileSync("d/a",process.cwd());fs.writeFileSync("d/b","b")',
				],
				[
					'tar',
					'--format=gnu',
					'--sort=name',
					'--mtime=@0',
					'--owner=0',
					'--group=0',
					'-czf',
					'out.tgz',
					'd',
				],
			],
			outputs: ['out.tgz'],
		});
		const { artifacts } = await twice(request);
		const places = artifacts[0]?.differences.map(({ path, kind }) => `${path.join(' > ')} ${kind}`);
		expect(places).toContain('out.tgz > out.tar > d/a content');
		expect(places).toContain('out.tgz > out.tar > d/a field');
		expect(artifacts[0]?.differences).toContainEqual(
			expect.objectContaining({ field: 'mode', values: [expect.any(String), '0640'] }),
		);
	});
});

describeWith('cc', 'a C program', () => {
	const compile = async (expression: string): Promise<boolean> => {
		const main = `#include <stdio.h>\nint main(void) { puts(${expression}); return 0; }\n`;
		await writeFile(join(project, 'main.c'), main);
		const commands: BuildRequest['commands'] = [['cc', '-o', 'out.txt', join('.', 'main.c')]];
		return (await twice(toRequest('', { commands }))).identical;
	};

	test('is reproducible, also where it names its time: cc follows SOURCE_DATE_EPOCH', async () => {
		expect(await compile('"text"')).toBe(true);
		expect(await compile('__DATE__ __TIME__')).toBe(true);
	});
});

describeWith('git', 'with git', () => {
	const git = (...args: string[]) => {
		const { status, stderr } = spawnSync(
			'git',
			['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args],
			{ cwd: project, encoding: 'utf8' },
		);
		if (status !== 0) throw new Error(stderr);
	};

	test('ignored files stay behind, the history comes along, and node_modules too', async () => {
		await writeFile(join(project, '.gitignore'), 'ignored.txt\nnode_modules\nout.txt\n');
		await writeFile(join(project, 'ignored.txt'), 'old result');
		await mkdir(join(project, 'node_modules', 'dep'), { recursive: true });
		await writeFile(join(project, 'node_modules', 'dep', 'index.js'), 'module.exports = 42');
		git('init', '-q', '-b', 'main');
		git('add', '.');
		git('commit', '-q', '-m', 'one');
		const script = `const { execFileSync } = require('child_process');
			${write(`[fs.existsSync('ignored.txt'), require('./node_modules/dep'), execFileSync('git', ['log', '--format=%s'])]`)}`;
		const { artifacts } = await twice(toRequest(script));
		expect(artifacts[0]?.differences).toMatchObject([
			{ kind: 'content', excerpts: ['true,42,one·', 'false,42,one·'] },
		]);
	});

	test('another commit is refused', async () => {
		git('init', '-q', '-b', 'main');
		git('add', '.');
		git('commit', '-q', '-m', 'one');
		const request = toRequest(write('1'));
		await runBuild(request, toContext());
		git('commit', '-q', '--allow-empty', '-m', 'two');
		await expect(reproduce(request, toContext())).rejects.toEqual(
			expect.objectContaining({ name: 'SlipwayError', code: 'BUILD_SOURCE_MOVED' }),
		);
	});
});

test('without a first build there is nothing to compare', async () => {
	await expect(reproduce(toRequest(write('1')), toContext())).rejects.toEqual(
		expect.objectContaining({ code: 'RELEASE_MANIFEST_MISSING' }),
	);
});

test('a cancelled run leaves nothing behind', async () => {
	const request = toRequest(write('1'));
	await runBuild(request, toContext());
	const context = toContext();
	const started = join(temp, 'started');
	const script = `fs.writeFileSync(${JSON.stringify(started)}, ''); setInterval(() => {}, 1000)`;
	const slow = { ...request, commands: [['node', '-e', script] as [string, ...string[]]] };
	const pending = reproduce(slow, context);
	const abort = async (): Promise<void> => {
		while (!existsSync(started)) await sleep(20);
		context.abort(new Error('stop'));
	};
	await Promise.all([expect(pending).rejects.toThrow('stop'), abort()]);
	expect(await readdir(join(temp, 'run'))).toEqual([]);
});
