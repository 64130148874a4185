// One more package, and one less, in apt repositories of several sizes: whole processes, beside reprepro and aptly.
// As a program of its own (`node bench/apt.ts --sizes 100,5000 --runs 7 --peers-to 5000`) it takes other sizes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measurePeak, timeTask } from './apt/measure.ts';
import { type Contestant, openAptly, openReprepro, openSlipway, type Ring } from './apt/peers.ts';
import { prepareKey, stopAgent } from './apt/prepare.ts';
import { buildOwnPackage } from './own-package.ts';
import { findPeer } from './peers.ts';
import { type BenchContext, type BenchRow, toPeerRow, toSpread } from './row.ts';
import { toTerminalTable } from './table.ts';

interface Plan {
	readonly sizes: readonly number[];
	/** Larger repositories are measured without peers: theirs take minutes to make. */
	readonly peersTo: number;
	readonly runs: number;
}

const DEFAULT: Plan = { sizes: [100, 1000, 5000, 50_000], peersTo: 5000, runs: 7 };
const TASKS = ['add', 'remove'] as const;
type Task = (typeof TASKS)[number];
const WORDS: Readonly<Record<Task, string>> = { add: 'one more package', remove: 'one less' };

interface Measured {
	readonly contestant: Contestant;
	readonly samples: Readonly<Record<Task, number[]>>;
	readonly peaks: Readonly<Record<Task, number | undefined>>;
}

/** Interleaved: each run of one tool stands beside one of each other, under the same load of the machine. */
const measureAll = async (contestants: readonly Contestant[], runs: number): Promise<Measured[]> => {
	const measured: Measured[] = [];
	for (const contestant of contestants) {
		const peaks = {
			add: await measurePeak(contestant, 'add'),
			remove: await measurePeak(contestant, 'remove'),
		};
		measured.push({ contestant, samples: { add: [], remove: [] }, peaks });
	}
	for (let run = 0; run < runs; run += 1)
		for (const task of TASKS)
			for (const { contestant, samples } of measured) samples[task].push(await timeTask(contestant, task));
	return measured;
};

const openAll = async (count: number, ring: Ring, withPeers: boolean, find: BenchContext['findPeer']) => {
	const peers = [...(find('reprepro') ? [openReprepro] : []), ...(find('aptly') ? [openAptly] : [])];
	const openers = [openSlipway, ...(withPeers ? peers : [])];
	const contestants: Contestant[] = [];
	for (const open of openers) contestants.push(await open(count, ring));
	return contestants;
};

const LARGE = 50_000;
const MAX_MEMORY = 150;

const toRows = (count: number, task: Task, measured: readonly Measured[]): BenchRow[] => {
	const [own, ...peers] = measured;
	if (!own) return [];
	const name = `apt, ${count} packages, ${WORDS[task]}`;
	const row: BenchRow = { name, unit: 'ms', ...toSpread(own.samples[task]) };
	const rows = peers.map(({ contestant, samples }) => toPeerRow(row, contestant.name, samples[task]));
	const fastest = Math.min(...rows.map(({ ratio }) => ratio ?? 0));
	const judged = rows.map((peer) =>
		count === 5000 && peer.ratio === fastest ? { ...peer, wanted: { ratioAtLeast: 4 } } : peer,
	);
	return [row, ...judged];
};

const toPeakRow = (count: number, { contestant, peaks }: Measured): BenchRow[] => {
	const peak = Math.max(peaks.add ?? 0, peaks.remove ?? 0);
	if (peak === 0) return [];
	const name = `apt, ${count} packages, most memory of a process`;
	const row = { name, unit: 'MiB', median: peak, min: peak, max: peak };
	if (contestant.name !== 'slipway') return [{ ...row, peer: contestant.name }];
	return [{ ...row, ...(count === LARGE ? { wanted: { atMost: MAX_MEMORY } } : {}) }];
};

/** What ten times the packages cost. */
const toGrowthRow = (own: ReadonlyMap<number, Measured>): BenchRow[] => {
	const [small, large] = [own.get(5000), own.get(LARGE)];
	if (!small || !large) return [];
	return TASKS.map((task) => {
		const ratio = toSpread(large.samples[task]).median / toSpread(small.samples[task]).median;
		const name = `apt, ${WORDS[task]}: 50,000 packages over 5,000`;
		return { name, unit: 'times', median: ratio, min: ratio, max: ratio, wanted: { atMost: 3 } };
	});
};

const runPlan = async (plan: Plan, context: BenchContext): Promise<readonly BenchRow[]> => {
	const rows: BenchRow[] = [];
	const own = new Map<number, Measured>();
	const key = await prepareKey();
	const slipway = buildOwnPackage();
	try {
		for (const count of plan.sizes) {
			const folder = join(context.tempDir, String(count));
			mkdirSync(folder);
			context.log(`${count} packages: making the repositories (once), then ${plan.runs} runs`);
			const ring = { folder, key, slipway };
			const contestants = await openAll(count, ring, count <= plan.peersTo, context.findPeer);
			const measured = await measureAll(contestants, plan.runs);
			if (measured[0]) own.set(count, measured[0]);
			rows.push(...TASKS.flatMap((task) => toRows(count, task, measured)));
			rows.push(...measured.flatMap((each) => toPeakRow(count, each)));
			rmSync(folder, { recursive: true });
		}
	} finally {
		stopAgent(key);
	}
	return [...rows, ...toGrowthRow(own)];
};

export const benchApt = (context: BenchContext): Promise<readonly BenchRow[]> => runPlan(DEFAULT, context);

if (import.meta.main) {
	const { values } = parseArgs({
		options: {
			sizes: { type: 'string', default: DEFAULT.sizes.join(',') },
			runs: { type: 'string', default: String(DEFAULT.runs) },
			'peers-to': { type: 'string', default: String(DEFAULT.peersTo) },
			out: { type: 'string' },
		},
	});
	const sizes = values.sizes.split(',').map(Number);
	const plan = { sizes, runs: Number(values.runs), peersTo: Number(values['peers-to']) };
	const tempDir = mkdtempSync(join(tmpdir(), 'slipway-bench-apt-'));
	try {
		const rows = await runPlan(plan, { tempDir, findPeer, log: (line) => console.log(`  ${line}`) });
		console.log(toTerminalTable(rows));
		if (values.out) writeFileSync(values.out, `${JSON.stringify(rows, null, '\t')}\n`);
	} finally {
		rmSync(tempDir, { recursive: true, force: true });
	}
}
