import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toRandom } from './mix.ts';
import type { PlaceName } from './places.ts';
import { openEyes, withPlace } from './race.ts';
import { toOffered } from './readers.ts';
import type { RaceOptions, RaceRow } from './row.ts';
import { openPlace, type Place, type Setting } from './setting.ts';
import type { Halt, ZombieEnd, ZombieSetting } from './zombie-child.ts';

const PROGRAM = fileURLToPath(new URL('./zombie-child.ts', import.meta.url));

/** A run of the whole transaction on idle cores takes two seconds. */
const TIMEOUT_MS = 120_000;

interface Running {
	readonly pid: number;
	readonly ended: Promise<ZombieEnd>;
	signal(name: NodeJS.Signals): void;
}

const start = (setting: ZombieSetting): Running => {
	const child = spawn(process.execPath, ['--no-warnings', PROGRAM, JSON.stringify(setting)], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: setting.environment as NodeJS.ProcessEnv,
	});
	const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
	const ended = said.then(([line, errors]): ZombieEnd => {
		if (line === '') throw new Error(`${setting.name} ended without a word: ${errors.slice(-1500)}`);
		return JSON.parse(line);
	});
	ended.catch(() => {});
	return { pid: child.pid ?? 0, ended, signal: (name) => void child.kill(name) };
};

/** The third field of proc_pid_stat(5), after the program's name in parentheses: T is standing still. */
const isStill = async (pid: number): Promise<boolean> =>
	/\) T/.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));

/** Whether it came to stand still, or ended before. */
const waitUntilStill = async ({ pid, ended }: Running): Promise<boolean> => {
	const deadline = performance.now() + TIMEOUT_MS;
	let isOver = false;
	void ended
		.finally(() => {
			isOver = true;
		})
		.catch(() => {});
	while (performance.now() < deadline && !isOver) {
		if (await isStill(pid)) return true;
		await sleep(10);
	}
	return false;
};

const toJournal = (place: Place): Place => {
	if ('comparesNothing' in place) return place;
	if ('directory' in place) return { directory: `${place.directory}-journal` };
	return 'branch' in place ? { ...place, branch: 'journal' } : { ...place, folder: 'journal' };
};

/** Path to digest of every file of the repository. */
const readAll = async ({ place, environment }: Setting): Promise<ReadonlyMap<string, string>> => {
	const store = openPlace(place, environment);
	const paths = (await store.list('')).filter((path) => !path.startsWith('journal/'));
	const files = await Promise.all(paths.map((path) => store.read(path)));
	return new Map(
		paths.map((path, index) => [
			path,
			createHash('sha256')
				.update(files[index]?.bytes ?? '')
				.digest('hex'),
		]),
	);
};

/**
 * What the woken run did to the repository and may not. A request whose guard had said yes before the take-over is in flight,
 * and may still arrive: one file that was not there, under a name that is never used for anything else.
 */
const findChanged = (
	before: ReadonlyMap<string, string>,
	after: ReadonlyMap<string, string>,
	{ moment }: Halt,
): readonly string[] => {
	const paths = [...new Set([...before.keys(), ...after.keys()])];
	const changed = paths.filter((path) => before.get(path) !== after.get(path));
	const created = changed.filter((path) => !before.has(path));
	return moment === 'after' && changed.length === 1 && created.length === 1 ? [] : changed;
};

interface Trial {
	readonly setting: Setting;
	readonly version: string;
	readonly halt: Halt;
}

/** What a run that wakes up after another took over must not do, in words. */
const tryZombie = async ({ setting, version, halt }: Trial): Promise<readonly string[]> => {
	const toSetting = (name: string, at: Halt | null): ZombieSetting => ({
		...setting,
		name,
		journal: toJournal(setting.place),
		version,
		halt: at,
	});
	const what = `${version}, suspended ${halt.moment} write ${halt.write}`;
	const zombie = start(toSetting(`zombie-${version}`, halt));
	try {
		if (!(await waitUntilStill(zombie)))
			return [`${what}: it ended before: ${JSON.stringify(await zombie.ended)}`];
		const taker = start(toSetting(`taker-${version}`, null));
		const { end } = await taker.ended.finally(() => taker.signal('SIGKILL'));
		if (end !== 'COMPLETED') return [`${what}: who took over ended ${end}`];
		const before = await readAll(setting);
		zombie.signal('SIGCONT');
		const woken = await zombie.ended;
		const changed = findChanged(before, await readAll(setting), halt);
		return [
			// All that it still wanted may be there: then it says so, and that is true.
			...(['FENCE_LOST', 'COMPLETED'].includes(woken.end) ? [] : [`${what}: woken up it ended ${woken.end}`]),
			...changed.map((path) => `${what}: woken up it changed ${path}`),
		];
	} finally {
		zombie.signal('SIGKILL');
	}
};

/** Users read the repository after each trial: it offers every version that was released. */
const look = async (setting: Setting, versions: readonly string[]): Promise<readonly string[]> => {
	const { own, apt } = await openEyes(setting);
	const looks = await Promise.allSettled([own(), ...(apt ? [apt()] : [])]);
	return looks.flatMap((each) => {
		if (each.status === 'rejected') return [`a user is refused: ${each.reason}`];
		const offered = Object.values(toOffered(each.value)).join(' ');
		return versions
			.filter((version) => !` ${offered}`.includes(` ${version}-1 `))
			.map((version) => `a user does not see ${version}`);
	});
};

/** Pool, index with Release, what is tidied: each before and after its guard; a few of them by chance. */
const toHalts = (writes: number, { seed }: RaceOptions, most: number): readonly Halt[] => {
	const random = toRandom(seed);
	return Array.from({ length: writes }, (_, index) => index + 1)
		.flatMap((write): Halt[] => [
			{ write, moment: 'before' },
			{ write, moment: 'after' },
		])
		.map((halt) => ({ halt, at: random() }))
		.sort((a, b) => a.at - b.at)
		.slice(0, most)
		.map(({ halt }) => halt);
};

/** F11 on one store: a run of the real transaction is suspended at a write, another takes over and ends, the first wakes up. */
export const raceZombies = (place: PlaceName, options: RaceOptions, most: number): Promise<RaceRow> =>
	withPlace(place, async (setting) => {
		const began = performance.now();
		const first = {
			...setting,
			name: 'first',
			journal: toJournal(setting.place),
			version: '1.0.0',
			halt: null,
		};
		const { end, writes } = await start(first).ended;
		const halts = toHalts(writes, options, most);
		const problems: string[] = end === 'COMPLETED' ? [] : [`the first release ended ${end}`];
		const versions = ['1.0.0'];
		for (const [index, halt] of halts.entries()) {
			const version = `1.${index + 1}.0`;
			problems.push(...(await tryZombie({ setting, version, halt })));
			versions.push(version);
		}
		problems.push(...(await look(setting, versions)));
		return {
			name: `zombies on ${place}`,
			processes: 2,
			operations: halts.length,
			conflicts: 0,
			updates: 2,
			seconds: (performance.now() - began) / 1000,
			problems,
			notes: [halts.map(({ moment, write }) => `${moment} write ${write} of ${writes}`).join(', ')],
		};
	});
