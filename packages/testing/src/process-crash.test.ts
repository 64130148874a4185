import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from './describe-with.ts';
import { killAt } from './process-crash.ts';
import { toSteps, traceDurableSteps } from './strace-steps.ts';

const PROGRAM = `
import { mkdirSync, promises as fs, renameSync, writeFileSync } from 'node:fs';
const [folder] = process.argv.slice(2);
mkdirSync(folder + '/a [b]');
writeFileSync(folder + '/a [b]/0123456789abcdef0123', 'x');
renameSync(folder + '/a [b]/0123456789abcdef0123', folder + '/é');
await fs.link(folder + '/é', folder + '/two');
for (const name of ['two', 'é']) await fs.unlink(name);
await fs.writeFile('/dev/null', 'x');
try { await fs.unlink('two'); } catch {}
for (const text of ['x', 'y']) await fs.writeFile('same', text);
console.log('done');
`;

const EXPECTED = [
	'mkdir a \\[b\\]',
	'open a \\[b\\]/*',
	'rename é',
	'link two',
	'unlink two',
	'unlink é',
	'open same',
	'open same',
];

describeWith('strace', 'durable steps of a process', () => {
	let base: string;
	let folder: string;

	const options = () => ({ cwd: folder, environment: { PATH: process.env.PATH }, folders: { it: folder } });
	const argv = (): [string, ...string[]] => [process.execPath, join(base, 'program.mjs'), folder];

	beforeEach(async () => {
		base = await mkdtemp(join(tmpdir(), 'slipway-crash-'));
		folder = await mkdtemp(join(base, 'it-'));
		await writeFile(join(base, 'program.mjs'), PROGRAM);
	});

	afterEach(() => rm(base, { recursive: true, force: true }));

	test('are listed in order, failed calls and other folders left out', async () => {
		const { steps, finished } = await traceDurableSteps(argv(), options());
		expect(finished.stdout).toBe('done\n');
		expect(steps.map(({ call, path }) => `${call} ${path}`)).toEqual(EXPECTED);
		expect(steps.map(({ nth }) => nth)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
	});

	test('kill it exactly before and exactly after each one', async () => {
		const { steps } = await traceDurableSteps(argv(), options());
		const states: string[] = [];
		for (const step of steps)
			for (const when of ['before', 'after'] as const) {
				folder = await mkdtemp(join(base, 'it-'));
				const { outcome, finished } = await killAt(step, when, argv(), options());
				expect(outcome).toBe('killed');
				expect(finished.stdout).toBe('');
				states.push((await readdir(folder, { recursive: true })).sort().join(' '));
			}
		const [empty, made] = ['', 'a [b]'];
		const written = `${made} ${made}/0123456789abcdef0123`;
		expect(states.map((state, index) => [index, state])).toEqual(
			[
				[empty, made],
				[made, written],
				[written, 'a [b] é'],
				['a [b] é', 'a [b] two é'],
				['a [b] two é', 'a [b] é'],
				['a [b] é', made],
				[made, 'a [b] same'],
				['a [b] same', 'a [b] same'],
			]
				.flat()
				.map((state, index) => [index, state]),
		);
	});

	test('a step that never comes is missed, not passed over', async () => {
		const step = { call: 'rename', folder: 'it', path: 'never', nth: 1 } as const;
		const { outcome, finished } = await killAt(step, 'before', argv(), options());
		expect([outcome, finished.code, finished.stdout]).toEqual(['missed', 0, 'done\n']);
	});
});

test('calls that other threads interrupt are put together, private files of a store are left out', () => {
	const log = [
		'7 link("/s/.slipway-store/new-1", "/s/a/1" <unfinished ...>',
		'8 unlink("/s/.slipway-store/new-2") = 0',
		'8 mkdirat(AT_FDCWD</s>, "b", 0777) = 0',
		'7 <... link resumed>) = 0',
		'9 rename("/s/x", "/t/y") = 0',
		'9 openat(5</s/a>, "1", O_RDONLY) = 3',
		'9 openat(5</s/a>, "2\\303\\251", O_WRONLY|O_CREAT, 0644) = 3',
		'8 mkdir("/s/a", 0777) = -1 EEXIST (File exists)',
	].join('\n');
	const steps = toSteps(log, { cwd: '/', environment: {}, folders: { s: '/s' } });
	expect(steps.map(({ call, path }) => `${call} ${path}`)).toEqual(['mkdir b', 'link a/1', 'open a/2é']);
});
