import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@slipway/process';
import { observeApt } from '../faults/observe-apt.ts';
import { observeNpm } from '../faults/observe-npm.ts';
import { runSlipway } from '../faults/operations.ts';
import { PACKAGE, startWorld, type World } from '../faults/world.ts';
import { toRandom } from './mix.ts';
import type { RaceOptions, RaceRow } from './row.ts';

/** One command that runs beside another, in a clone of its own, as on two machines. */
interface Runner {
	readonly args: readonly string[];
	readonly version: string;
	/** What its file holds: other contents are other bytes. */
	readonly content: string;
}

interface Ended {
	readonly cwd: string;
	/** End state, or the code of the error. */
	readonly end: string;
	readonly said: string;
}

/** What is published, in the words that all targets share. */
interface Shown {
	readonly npm: string | undefined;
	readonly apt: string | undefined;
	readonly npmDigests: readonly string[];
	readonly aptDigests: readonly string[];
}

interface Scenario {
	readonly name: string;
	/** What is released before. */
	readonly from: 'one' | 'two';
	readonly runners: readonly [Runner, Runner];
	/** How a run may end besides doing its work. */
	readonly mayEnd: readonly string[];
	/** Versions that may be the default in the end. */
	readonly mayShow: readonly string[];
}

const release = (version: string, content = 'one'): Runner => ({ args: ['release'], version, content });
const ROLLBACK: Runner = {
	args: ['rollback', '1.1.0', '--reason', 'it breaks', '--yes'],
	version: '1.1.0',
	content: 'one',
};

/** Stops with a code that the other run is the reason of. */
const FENCED = ['FENCE_HELD', 'FENCE_LOST', 'OPERATION_REFUSED'];

/** F10. */
const SCENARIOS: readonly Scenario[] = [
	{
		name: 'same version, same bytes',
		from: 'one',
		runners: [release('1.1.0'), release('1.1.0')],
		mayEnd: FENCED,
		mayShow: ['1.1.0'],
	},
	{
		name: 'same version, other bytes',
		from: 'one',
		runners: [release('1.1.0'), release('1.1.0', 'other')],
		mayEnd: [...FENCED, 'STOPPED_MISMATCH', 'PLAN_REFUSED'],
		mayShow: ['1.1.0'],
	},
	{
		name: 'other versions',
		from: 'one',
		runners: [release('1.1.0'), release('1.2.0')],
		mayEnd: [...FENCED, 'PLAN_REFUSED', 'HELD'],
		mayShow: ['1.1.0', '1.2.0'],
	},
	{
		name: 'release against rollback',
		from: 'two',
		runners: [release('1.2.0'), ROLLBACK],
		mayEnd: [...FENCED, 'PLAN_REFUSED', 'HELD'],
		mayShow: ['1.0.0', '1.2.0'],
	},
];

const writeProject = async (cwd: string, { version, content }: Runner): Promise<void> => {
	const path = join(cwd, 'package.json');
	const manifest = JSON.parse(await readFile(path, 'utf8'));
	await writeFile(path, JSON.stringify({ ...manifest, version }, null, '\t'));
	await writeFile(join(cwd, 'probe.js'), `module.exports = ${JSON.stringify(`${version} ${content}`)};\n`);
};

const runIn = async (world: World, cwd: string, args: readonly string[]): Promise<Ended> => {
	const finished = await run(world.toArgv(args), { cwd, environment: world.environment, timeoutMs: 240_000 });
	const { state, error } = JSON.parse(finished.stdout || '{}');
	const said = `${finished.stdout}${finished.stderr}`;
	return { cwd, end: state ?? error?.code ?? `exit ${finished.code}`, said };
};

const observe = async (world: World): Promise<Shown> => {
	const [npm, apt] = await Promise.all([
		observeNpm(world.front.origin, PACKAGE),
		observeApt(world.folders.apt),
	]);
	const offered = apt.packages.map((line) => line.split(' ')).filter(([, name]) => name === PACKAGE);
	return {
		npm: npm.tags.latest,
		apt: offered
			.map(([, , version]) => version?.replace(/-1$/, '') ?? '')
			.sort()
			.at(-1),
		npmDigests: Object.values(npm.versions).map(({ integrity }) => integrity),
		aptDigests: offered.map(([, , , , sha256 = '']) => sha256),
	};
};

const hash = (algorithm: 'sha512', bytes: Uint8Array): string =>
	`${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;

/** All that the winner built is what is shown: never the bytes of one run on one target and of the other on another. */
const checkBytes = async ({ cwd }: Ended, shown: Shown, version: string): Promise<readonly string[]> => {
	const folder = join(cwd, '.slipway', 'releases', version);
	const { artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
	const problems: string[] = [];
	for (const { name, path, digest } of artifacts) {
		const bytes = await readFile(join(folder, path));
		const isShown = name.endsWith('.deb')
			? shown.aptDigests.includes(digest.sha256)
			: shown.npmDigests.includes(hash('sha512', bytes));
		if (!isShown) problems.push(`${name} is not shown as the run that completed has built it`);
	}
	return problems;
};

const judge = async (
	{ name, runners, mayEnd, mayShow }: Scenario,
	{
		ended,
		shown,
		brought,
	}: { readonly ended: readonly Ended[]; readonly shown: Shown; readonly brought: number },
): Promise<readonly string[]> => {
	const isGood = ({ end }: Ended): boolean => end === 'COMPLETED' || end === 'ROLLED_BACK';
	const problems = ended
		.filter((each) => !isGood(each) && !mayEnd.includes(each.end))
		.map(({ end, said }) => `ended ${end}: ${said.slice(-800)}`);
	if (!ended.some(isGood))
		problems.push(`nobody did what he was to do: ${ended.map(({ end }) => end).join(', ')}`);
	if (shown.npm !== shown.apt) problems.push(`npm shows ${shown.npm}, apt shows ${shown.apt}`);
	if (!mayShow.includes(shown.npm ?? '')) problems.push(`${shown.npm} is shown`);
	if (brought > new Set(runners.map(({ version }) => version)).size)
		problems.push(`the registry was brought bytes ${brought} times`);
	for (const [index, each] of ended.entries()) {
		const { args, version } = runners[index] as Runner;
		if (each.end === 'COMPLETED' && args[0] === 'release')
			problems.push(...(await checkBytes(each, shown, version)));
	}
	return problems.map((problem) => `${name}: ${problem}`);
};

const play = async (world: World, scenario: Scenario, delayMs: number): Promise<readonly string[]> => {
	await world.load(scenario.from);
	const twin = join(world.base, 'twin');
	await rm(twin, { recursive: true, force: true });
	await cp(world.cwd, twin, { recursive: true });
	const places = [world.cwd, twin];
	for (const [index, runner] of scenario.runners.entries()) await writeProject(places[index] ?? '', runner);
	const mark = world.front.log.length;
	const late = delayMs < 0 ? 0 : 1;
	const ended = await Promise.all(
		scenario.runners.map(async ({ args }, index) => {
			if (index === late) await sleep(Math.abs(delayMs));
			return runIn(world, places[index] ?? '', args);
		}),
	);
	const brought = world.front.log.slice(mark).filter(({ brings, status }) => brings && status < 300).length;
	return judge(scenario, { ended, shown: await observe(world), brought });
};

const prepare = async (world: World): Promise<void> => {
	for (const [version, name] of [
		['1.0.0', 'one'],
		['1.1.0', 'two'],
	] as const) {
		await writeProject(world.cwd, release(version));
		const { code, stdout, stderr } = await runSlipway(world, ['release']);
		if (code !== 0) throw new Error(`release of ${version}: ${stdout}${stderr}`);
		await world.save(name);
	}
};

/** How far apart the two start, at most; a run takes about two seconds. */
const MOST_DELAY_MS = 1_500;
const ROUNDS = 2;

/** Two runs of the real command on one project at once, from two clones. */
export const raceTwins = async ({ seed }: RaceOptions): Promise<RaceRow> => {
	const random = toRandom(seed);
	const began = performance.now();
	const world = await startWorld();
	try {
		await prepare(world);
		const problems: string[] = [];
		for (let round = 0; round < ROUNDS; round += 1)
			for (const scenario of SCENARIOS) {
				const delayMs = round === 0 ? 0 : Math.round((random() * 2 - 1) * MOST_DELAY_MS);
				const found = await play(world, scenario, delayMs);
				problems.push(...found.map((problem) => `${problem} (the second ${delayMs} ms after the first)`));
			}
		return {
			name: 'two runs of one project',
			processes: 2,
			operations: ROUNDS * SCENARIOS.length * 2,
			conflicts: 0,
			updates: 0,
			seconds: (performance.now() - began) / 1000,
			problems,
			notes: [SCENARIOS.map(({ name }) => name).join(', ')],
		};
	} finally {
		await world.stop();
	}
};
