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

/** Mounts a disk of `$2` KiB over the folder `$1` with what lies in it, runs the rest, and copies what it left to `$3`. */
const ON_DISK = `
folder=$1; size=$2; left=$3; mode=$4; shift 4
mkdir -p "$left.before" && cp -a "$folder/." "$left.before/"
used=$(du -sk --apparent-size "$folder" | cut -f1)
mount -t tmpfs -o "size=$((used + size))k" none "$folder" || exit 97
cp -a "$left.before/." "$folder/" || exit 98
[ "$mode" = ro ] && { mount -o remount,ro none "$folder" || exit 99; }
"$@"; code=$?
mkdir -p "$left" && cp -a "$folder/." "$left/"
exit $code`;

const FEW_FILES = 'ulimit -n "$1"; shift; exec "$@"';

interface Place {
	readonly name: string;
	readonly folder: (world: World) => string;
}

const PLACES: readonly Place[] = [
	{ name: 'the project, where it builds and packs', folder: ({ folders }) => folders.project },
	{ name: 'the journal', folder: ({ folders }) => folders.journal },
	{ name: 'the apt repository', folder: ({ folders }) => folders.apt },
	{ name: 'the temporary folder', folder: ({ base }) => join(base, 'tmp') },
];

/** Room that is left, in KiB; a read-only disk has no use for it. */
const DISKS = [
	['read-only', 'ro', 4096],
	['full at once', 'rw', 0],
	['full after 4 KiB', 'rw', 4],
	['full after 12 KiB', 'rw', 12],
	['full after 28 KiB', 'rw', 28],
] as const;

describeWith('unshare', 'no room', () => {
	let world: World;
	let left: string;

	beforeAll(async () => {
		world = await startWorld();
		expect(toReport(await runSlipway(world, ['release'])).state).toBe('COMPLETED');
		await world.setVersion(VERSION);
		await world.save('changed');
	}, 180_000);

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
		expect(stdout + stderr).toMatch(
			/ENOSPC|EROFS|EMFILE|STORE_|no space|read-only|too many open|HELD|ROLLED_BACK/i,
		);
		// Forth and back again, or not at all.
		expect(defaults.length % 2).toBe(0);
		return 'stopped';
	};

	const goesOn = async (): Promise<void> => {
		const { state, reason } = toReport(await runSlipway(world, ['release']));
		expect({ state, reason }).toMatchObject({ state: 'COMPLETED' });
		const { npm, apt } = await observe(world);
		expect(npm.tags.latest).toBe(VERSION);
		expect(apt.packages.join()).toContain(VERSION);
	};

	const ends: string[] = [];

	describe.each(PLACES)('on $name', ({ folder }) => {
		test.each(DISKS)(
			'%s',
			async (name, mode, size) => {
				const from = world.front.log.length;
				const disk = ['sh', '-c', ON_DISK, 'disk', folder(world), String(size), left, mode] as const;
				const finished = await runIn(['unshare', '-m', ...disk]);
				const end = await check(finished, from);
				ends.push(`${name} ${end}`);
				if (folder(world) === world.folders.apt) await observeApt(left);
				// What the command had put on its disk is there when there is room.
				await rm(folder(world), { recursive: true, force: true });
				await mkdir(folder(world), { recursive: true });
				await cp(left, folder(world), { recursive: true, preserveTimestamps: true });
				await goesOn();
			},
			120_000,
		);
	});

	test.each([24, 28, 34, 40])(
		'no more than %d open files',
		async (files) => {
			const from = world.front.log.length;
			ends.push(`files ${await check(await runIn(['sh', '-c', FEW_FILES, 'few', String(files)]), from)}`);
			await goesOn();
		},
		120_000,
	);

	test('most of these disks stop a release', () => {
		expect(ends.filter((end) => end.endsWith('stopped')).length).toBeGreaterThanOrEqual(8);
	});
});
