// F13: a disk that is full or cannot be written, and a process that may open no more files: the command stops before its
// next change, shows nothing half, and goes on when there is room again. Each disk is a small one of its own, mounted where
// only the command sees it.
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finished, run } from '@slipway/process';
import { describeWith } from '@slipway/testing';
import { observe } from './observe.ts';
import { observeApt } from './observe-apt.ts';
import { runSlipway, toReport } from './operations.ts';
import { startWorld, VERSION, type World } from './world.ts';

/** Puts a disk with `$2` KiB of room over the folder `$1` with what lies in it, runs the rest, and copies what it left to `$3`. */
const ON_DISK = `
folder=$1; size=$2; left=$3; mode=$4; shift 4
mkdir -p "$left.before" && cp -a "$folder/." "$left.before/"
mount -t tmpfs -o size=64m none "$folder" || exit 97
cp -a "$left.before/." "$folder/" || exit 98
used=$(df -k --output=used "$folder" | tail -1)
mount -o "remount,size=$((used + size))k" none "$folder" || exit 99
[ "$mode" = ro ] && { mount -o remount,ro none "$folder" || exit 99; }
"$@"; code=$?
mkdir -p "$left" && cp -a "$folder/." "$left/"
exit $code`;

const FEW_FILES = 'ulimit -n "$1"; shift; exec "$@"';

type Mode = 'ro' | 'rw';
type Folder = (world: World) => string;

/** Room that is left, in KiB; a read-only disk has no use for it. Where the disks are small, other steps find no room. */
const DISKS: readonly (readonly [name: string, folder: Folder, mode: Mode, size: number])[] = [
	['the project, read-only', ({ folders }) => folders.project, 'ro', 4096],
	['the project, full after 12 KiB', ({ folders }) => folders.project, 'rw', 12],
	['the journal, read-only', ({ folders }) => folders.journal, 'ro', 4096],
	['the journal, full at once', ({ folders }) => folders.journal, 'rw', 0],
	['the journal, full after 12 KiB', ({ folders }) => folders.journal, 'rw', 12],
	['the apt repository, read-only', ({ folders }) => folders.apt, 'ro', 4096],
	['the apt repository, full at once', ({ folders }) => folders.apt, 'rw', 0],
	['the apt repository, full after 8 KiB', ({ folders }) => folders.apt, 'rw', 8],
	['the apt repository, full after 20 KiB', ({ folders }) => folders.apt, 'rw', 20],
	['the temporary folder, read-only', ({ base }) => join(base, 'tmp'), 'ro', 4096],
	['the temporary folder, full after 28 KiB', ({ base }) => join(base, 'tmp'), 'rw', 28],
];

describeWith('unshare', 'no room', () => {
	let world: World;
	let left: string;

	beforeAll(async () => {
		world = await startWorld();
		expect(toReport(await runSlipway(world, ['release'])).state).toBe('COMPLETED');
		await world.setVersion(VERSION);
		await world.save('changed');
	}, 900_000);

	afterAll(() => world.stop());

	beforeEach(async () => {
		left = join(world.base, 'left');
		for (const folder of [left, `${left}.before`]) await rm(folder, { recursive: true, force: true });
		await world.load('changed');
	});

	const runIn = (argv: readonly [string, ...string[]]): Promise<Finished> =>
		run([...argv, ...world.toArgv(['release'])], {
			cwd: world.cwd,
			environment: world.environment,
			timeoutMs: 120_000,
		});

	/** It completed, or it stopped and says so; where it stopped, no default is half way. */
	const check = async (
		{ code, stdout, stderr }: Finished,
		from: number,
	): Promise<'completed' | 'stopped'> => {
		expect([97, 98, 99]).not.toContain(code);
		const defaults = world.front.log
			.slice(from)
			.filter(({ mutates, target, status }) => mutates && status < 300 && /dist-tags\/latest/.test(target));
		if (code === 0) return 'completed';
		// A state of the release, or an error with a code of its own: never one that nobody foresaw.
		expect(stdout + stderr).toMatch(/SYSTEM_|STORE_|PROCESS_|HELD|ROLLED_BACK/);
		expect(stdout + stderr).not.toContain('UNEXPECTED');
		// Forth and back again, or not at all.
		expect(defaults.length % 2).toBe(0);
		return 'stopped';
	};

	/** With room again: by the same command, or, where the release had to take itself back, by the one that it names. */
	const goesOn = async ({ stdout }: Finished): Promise<void> => {
		const wayOn = /"state": "ROLLED_BACK"/.test(stdout) ? ['restore', VERSION, '--yes'] : ['release'];
		const { state, reason } = toReport(await runSlipway(world, wayOn));
		expect({ state, reason }).toMatchObject({ state: 'COMPLETED' });
		const { npm, apt } = await observe(world);
		expect(npm.tags.latest).toBe(VERSION);
		expect(apt.packages.join()).toContain(VERSION);
	};

	const ends: string[] = [];

	test.each(DISKS)(
		'on %s',
		async (name, toFolder, mode, size) => {
			const folder = toFolder(world);
			const from = world.front.log.length;
			const finished = await runIn([
				'unshare',
				'-m',
				'sh',
				'-c',
				ON_DISK,
				'disk',
				folder,
				`${size}`,
				left,
				mode,
			]);
			ends.push(`${name}: ${await check(finished, from)}`);
			if (folder === world.folders.apt) await observeApt(left);
			// What the command had put on its disk is there when there is room.
			await rm(folder, { recursive: true, force: true });
			await mkdir(folder, { recursive: true });
			await cp(left, folder, { recursive: true, preserveTimestamps: true });
			await goesOn(finished);
		},
		900_000,
	);

	test.each([24, 34])(
		'no more than %d open files',
		async (files) => {
			const from = world.front.log.length;
			const finished = await runIn(['sh', '-c', FEW_FILES, 'few', String(files)]);
			ends.push(`${files} files: ${await check(finished, from)}`);
			await goesOn(finished);
		},
		900_000,
	);

	test('most of these disks stop a release', () => {
		process.stdout.write(`${ends.join('\n')}\n`);
		expect(ends.filter((end) => end.endsWith('stopped')).length).toBeGreaterThanOrEqual(8);
	});
});
