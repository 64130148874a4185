import type { NpmMode } from './npm-reads.ts';
import type { Fortune } from './process.ts';
import { Random } from './random.ts';

export type ServerName = 'npm' | 'apt' | 'github' | 'plain' | 'journal';

/** A command of `slipway`, as its arguments say it. */
export interface Command {
	readonly operation: 'release' | 'continue' | 'abort' | 'rollback' | 'restore';
	readonly version: string;
	readonly repoint?: boolean;
	readonly takeOver?: string;
}

/** Something that others do, so many milliseconds after a stage has begun. */
export interface Intrusion {
	readonly afterMs: number;
	readonly kind: 'moves a pointer' | 'publishes other bytes' | 'publishes another package' | 'takes over';
	/** Which of the targets, packages, …: a number to choose by. */
	readonly choice: number;
}

/** What somebody with write access does to the journal while nobody runs. */
export interface Mischief {
	readonly kind:
		| 'deletes a record'
		| 'deletes the journal'
		| 'forges an end'
		| 'forges outcomes'
		| 'tears a record'
		| 'plants a plan';
	readonly choice: number;
}

/** One thing that a maintainer wants, and what comes in the way of each run that tries it. */
export interface Stage {
	readonly command: Command;
	readonly fortunes: readonly Fortune[];
	/** A second run that begins while the first one is under way. */
	readonly rival:
		| { readonly command: Command; readonly afterMs: number; readonly fortune: Fortune }
		| undefined;
	readonly intrusions: readonly Intrusion[];
	/** After the first run of the stage. */
	readonly mischief: Mischief | undefined;
	/** Nobody goes on after its first run. */
	readonly isAbandoned: boolean;
}

/** The whole story of one seed, before it is told. */
export interface Scenario {
	readonly seed: number;
	readonly npm: { readonly mode: NpmMode; readonly packages: number } | undefined;
	readonly apt: { readonly packages: number } | undefined;
	readonly hasGithub: boolean;
	readonly hasPlain: boolean;
	/** Nothing was ever released before. */
	readonly isFirst: boolean;
	readonly onFailure: 'rollback' | 'hold';
	/** How likely requests go wrong, and how many of them at most. */
	readonly noise: { readonly lost: number; readonly refused: number; readonly budget: number };
	/** A server that does not answer for a while. */
	readonly outage: { readonly server: ServerName; readonly afterMs: number; readonly ms: number } | undefined;
	readonly longestScanMs: number;
	/** So many ms an approval takes; undefined: a person needs no time. */
	readonly longestApprovalMs: number;
	readonly staleReads: number;
	readonly plainDelayMs: number;
	readonly stages: readonly Stage[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps (each request is two) of a run that nothing disturbs, about. */
const MOST_STEPS = 420;

const toSkew = (random: Random): Fortune => {
	if (random.chance(0.85)) return {};
	const skewMs = random.pick([4000, -4000, 60_000, -60_000, DAY_MS, -DAY_MS]);
	if (random.chance(0.5)) return { skewMs };
	return { jumpAt: random.int(1, MOST_STEPS / 2), jumpMs: skewMs };
};

const toFortune = (random: Random, kind: 'killed' | 'spared'): Fortune => {
	const skew = toSkew(random);
	const pause = random.chance(0.06)
		? { pauseAt: random.int(1, MOST_STEPS), pauseMs: random.pick([5000, 10 * MINUTE_MS, 3 * HOUR_MS]) }
		: {};
	if (kind === 'spared') return { ...skew, ...pause };
	// Few steps late in a run are reached by every run, the early ones are: both have to be met.
	const at = random.chance(0.5) ? random.int(1, 120) : random.int(1, MOST_STEPS);
	return random.chance(0.15) ? { ...skew, ...pause, cancelAt: at } : { ...skew, ...pause, killAt: at };
};

const toIntrusions = (random: Random): readonly Intrusion[] => {
	if (random.chance(0.8)) return [];
	const kind = random.pick([
		'moves a pointer',
		'publishes other bytes',
		'publishes another package',
	] as const);
	return [{ kind, afterMs: random.int(0, 12_000), choice: random.int(0, 1000) }];
};

const toMischief = (random: Random): Mischief | undefined => {
	if (random.chance(0.9)) return undefined;
	const kind = random.pick([
		'deletes a record',
		'deletes the journal',
		'forges an end',
		'forges outcomes',
		'tears a record',
		'plants a plan',
	] as const);
	return { kind, choice: random.int(0, 1000) };
};

const toRival = (random: Random, { version }: Command, later: string): Stage['rival'] => {
	if (random.chance(0.85)) return undefined;
	const command = random.pick<Command>([
		{ operation: 'release', version },
		{ operation: 'release', version: later },
		{ operation: 'release', version: later, takeOver: 'it is urgent' },
		{ operation: 'rollback', version },
		{ operation: 'abort', version },
		{ operation: 'continue', version },
	]);
	// Sooner rather than later: two that claim in the same moment are what matters most.
	const afterMs = Math.round(15_000 * random.next() ** 3);
	return { command, afterMs, fortune: toFortune(random, 'spared') };
};

const toWishes = (random: Random): readonly Command[] => {
	const [first, second] = ['1.1.0', '1.2.0'];
	const release: Command = { operation: 'release', version: first };
	return random.pick<readonly Command[]>([
		[release],
		[release],
		[release, { operation: 'rollback', version: first }],
		[release, { operation: 'rollback', version: first }, { operation: 'restore', version: first }],
		[release, { operation: 'release', version: second }],
		[release, { operation: 'release', version: second }, { operation: 'rollback', version: second }],
		[release, { operation: 'abort', version: first }],
		[release, { operation: 'abort', version: first }, { operation: 'release', version: second }],
	]);
};

const toStages = (random: Random): readonly Stage[] => {
	const wishes = toWishes(random);
	const kills = random.int(0, 3);
	return wishes.map((command, index) => {
		const isLast = index === wishes.length - 1;
		const isAbandoned = wishes[index + 1]?.operation === 'abort';
		const own = isLast ? kills : isAbandoned ? 1 : random.int(0, kills);
		const fortunes = Array.from({ length: own }, () => toFortune(random, 'killed'));
		const rival = toRival(random, command, '1.3.0');
		return {
			command,
			fortunes: [...fortunes, toFortune(random, 'spared')],
			rival,
			intrusions: toIntrusions(random),
			mischief: rival ? undefined : toMischief(random),
			isAbandoned,
		};
	});
};

const toOutage = (random: Random): Scenario['outage'] => {
	if (random.chance(0.85)) return undefined;
	const server = random.pick<ServerName>(['npm', 'apt', 'github', 'plain', 'journal']);
	return { server, afterMs: random.int(0, 8000), ms: random.pick([500, 5000, 90_000, HOUR_MS]) };
};

/** The scenario of a seed: always the same. */
export const toScenario = (seed: number): Scenario => {
	const random = new Random(seed);
	random.next();
	const isQuiet = random.chance(0.3);
	return {
		seed,
		npm: random.chance(0.85)
			? { mode: random.pick(['tag', 'tag', 'stage', 'direct']), packages: random.int(1, 2) }
			: undefined,
		apt: random.chance(0.7) ? { packages: random.int(1, 2) } : undefined,
		hasGithub: random.chance(0.6),
		hasPlain: random.chance(0.35),
		isFirst: random.chance(0.15),
		onFailure: random.pick(['rollback', 'rollback', 'hold']),
		noise: isQuiet
			? { lost: 0, refused: 0, budget: 0 }
			: {
					lost: random.pick([0.01, 0.05, 0.15]),
					refused: random.pick([0, 0.03, 0.1]),
					budget: random.int(1, 12),
				},
		outage: toOutage(random),
		longestScanMs: random.pick([0, 0, 2000, 5 * MINUTE_MS, 29 * MINUTE_MS, HOUR_MS, 30 * DAY_MS]),
		longestApprovalMs: random.pick([0, 10 * MINUTE_MS, 2 * DAY_MS]),
		staleReads: random.pick([0, 0, 0, 1, 3, 8]),
		plainDelayMs: random.pick([0, 1000, 60_000, 200_000]),
		stages: toStages(random),
	};
};
