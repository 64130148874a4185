import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith, isWhole, killAt, toWriterArguments, traceDurableSteps } from '@slipway/testing';
import { directoryStore } from './directory-store.ts';

const MODULE = new URL('./directory-store.ts', import.meta.url).href;

/** Runs that nobody traces start a little quicker. */
const CACHE = join(tmpdir(), 'slipway-test-compile-cache');

let base: string;
let folder: string;

const argv = (round: string): [string, ...string[]] => [
	process.execPath,
	...toWriterArguments({ module: MODULE, opener: 'directoryStore', argument: folder }, ['publish', round]),
];

const options = () => ({ cwd: base, environment: { PATH: process.env.PATH }, folders: { store: folder } });

const execute = promisify(execFile);

const publish = async (round: string, before: readonly string[] = []): Promise<string> => {
	const [program = '', ...rest] = [...before, ...argv(round)];
	const env = before.length > 0 ? process.env : { NODE_COMPILE_CACHE: CACHE, ...process.env };
	const running = execute(program, rest, { cwd: base, env });
	running.child.stdin?.end();
	return (await running).stdout;
};

/** Everything that the store shows, as text. */
const readAll = async (): Promise<Readonly<Record<string, string>>> => {
	const paths = await directoryStore(folder).list('');
	const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
	return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? '']));
};

const LINE: Readonly<Record<string, string>> = { '1': 'round 1\n', '2': 'round 2\n' };
const FIRST = { head: LINE['1'], index: LINE['1'], 'pool/1/a': LINE['1'], 'pool/1/b': LINE['1'] };
const SECOND = {
	head: LINE['2'],
	index: LINE['2'],
	'pool/1/b': LINE['1'],
	'pool/2/a': LINE['2'],
	'pool/2/b': LINE['2'],
};

/** In no state does the head name what is not there, and every file is whole. */
const checkConsistent = (files: Readonly<Record<string, string>>): void => {
	for (const text of Object.values(files)) expect(Object.values(LINE)).toContain(text);
	if (files.head === LINE['2']) expect({ ...files, 'pool/1/a': '' }).toEqual({ ...SECOND, 'pool/1/a': '' });
	else expect(files['pool/1/a']).toBe(LINE['1']);
};

let copies = 0;

/** A new copy of the store after round 1. */
const toFresh = async (): Promise<void> => {
	copies += 1;
	folder = join(base, `copy-${copies}`);
	await cp(join(base, 'first'), folder, { recursive: true });
};

beforeAll(async () => {
	base = await mkdtemp(join(tmpdir(), 'slipway-crash-'));
	folder = join(base, 'first');
	expect(await publish('1')).toBe('ready\nwritten\n');
	expect(await readAll()).toEqual(FIRST);
});

beforeEach(toFresh);

afterAll(() => rm(base, { recursive: true, force: true }));

describeWith('strace', 'a writer that is killed at each of its steps', () => {
	test('leaves a consistent store, and the next run reaches the same end', async () => {
		const { steps } = await traceDurableSteps(argv('2'), options());
		expect(steps.map(({ call, path }) => `${call} ${path}`)).toEqual([
			'mkdir pool/2',
			'link pool/2/a',
			'link pool/2/b',
			'rename index',
			'rename head',
			'unlink pool/1/a',
		]);
		const tried = isWhole() ? steps : steps.filter(({ path }) => path === 'head');
		for (const step of tried)
			for (const when of ['before', 'after'] as const) {
				await toFresh();
				expect((await killAt(step, when, argv('2'), options())).outcome).toBe('killed');
				checkConsistent(await readAll());
				expect(await publish('2')).toBe('ready\nwritten\n');
				expect(await readAll()).toEqual(SECOND);
			}
	});
});

const all: readonly [string, string, string][] = [
	['?mkdir,?mkdirat', 'ENOSPC', 'STORE_WRITE_FAILED'],
	['?mkdir,?mkdirat', 'EROFS', 'STORE_READ_ONLY'],
	['?mkdir,?mkdirat', 'EACCES', 'STORE_READ_ONLY'],
	['?fsync', 'ENOSPC', 'STORE_WRITE_FAILED'],
	['?fsync', 'EIO', 'STORE_WRITE_FAILED'],
	['?link,?linkat', 'ENOSPC', 'STORE_WRITE_FAILED'],
	['?link,?linkat', 'EROFS', 'STORE_READ_ONLY'],
	['?rename,?renameat,?renameat2', 'ENOSPC', 'STORE_WRITE_FAILED'],
	['?rename,?renameat,?renameat2', 'EACCES', 'STORE_READ_ONLY'],
];
/** In short one of each call. */
const failures = isWhole()
	? all
	: all.filter(([calls], index) => all.findIndex(([other]) => other === calls) === index);

describeWith('strace', 'a disk that fails', () => {
	test.each(failures)(
		'%s: %s gives %s, no half file, and a store that goes on',
		async (calls, errno, code) => {
			const strace = ['strace', '-f', '--seccomp-bpf', '-qq', '-o', join(base, 'log')];
			const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${errno}`, '--'];
			const stdout = await publish('2', [...strace, ...inject]);
			expect(stdout).toMatch(new RegExp(`^ready\\nerror ${code} ".*"\\n$`));
			expect(await readFile(join(base, 'log'), 'utf8')).toContain('INJECTED');
			checkConsistent(await readAll());
			expect(await publish('2')).toBe('ready\nwritten\n');
			expect(await readAll()).toEqual(SECOND);
		},
	);

	test('no more file descriptors while it compares: STORE_WRITE_FAILED and a hint', async () => {
		const calls = '?open,?openat';
		const strace = [
			'strace',
			'-f',
			'--seccomp-bpf',
			'-qq',
			'-o',
			join(base, 'log'),
			'-P',
			join(folder, 'index'),
		];
		const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=EMFILE`, '--'];
		const stdout = await publish('2', [...strace, ...inject]);
		expect(stdout).toMatch(/^ready\nerror STORE_WRITE_FAILED "Too many files are open.*ulimit/);
		expect(await readAll()).toEqual(FIRST);
	});
});
