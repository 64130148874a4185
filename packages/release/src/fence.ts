import { type Context, type Guard, SlipwayError, toPrintable } from '@slipway/core';
import type { ReleaseCode } from './code.ts';
import type { FenceEntry, HistoryEntry, Journal, OperationName, Run } from './journal.ts';
import { patiently } from './patience.ts';

export interface Claim {
	readonly version: string;
	readonly releaseId: string;
	readonly operation: OperationName;
	readonly run: Run;
	readonly reason: string | null;
	/** Why another release's unfinished operation is overruled; undefined: it is not. */
	readonly takeOver?: string | undefined;
	/** How long (ms) to wait for another release's end state. */
	readonly waitMs?: number | undefined;
	/** Throws when this operation may not follow what is recorded; the entry is created only right after this history. */
	readonly check?: ((history: readonly HistoryEntry[]) => void) | undefined;
}

/** An entry, and what was recorded when it was taken, all entries before it among them; itself, where it was there already. */
export interface Claimed {
	readonly fence: FenceEntry;
	readonly history: readonly HistoryEntry[];
}

const POLL_MS = 1000;

const held = ({ fence }: HistoryEntry): SlipwayError =>
	new SlipwayError<ReleaseCode>(
		'FENCE_HELD',
		`${fence.operation} of ${fence.project} ${fence.version} (${toPrintable(fence.run.actor, 100)}, since ${fence.time}) has not ended`,
		{
			hint: `Wait for it or finish it: slipway continue ${fence.version}. If it will never go on: repeat this command with --take-over REASON.`,
		},
	);

const isBlocking = ({ fence, end }: HistoryEntry, claim: Pick<Claim, 'version' | 'takeOver'>): boolean =>
	end === null && fence.version !== claim.version && claim.takeOver === undefined;

const isSameRun = ({ fence, end }: HistoryEntry, claim: Claim): boolean =>
	end === null &&
	fence.releaseId === claim.releaseId &&
	fence.operation === claim.operation &&
	fence.run.key === claim.run.key;

/**
 * The project's history once nobody else's unfinished release stands in the way.
 * @throws SlipwayError FENCE_HELD
 */
export const waitUntilFree = async (
	journal: Journal,
	claim: Pick<Claim, 'version' | 'takeOver' | 'waitMs'>,
	{ clock, signal }: Context,
): Promise<HistoryEntry[]> => {
	const deadline = clock.now() + (claim.waitMs ?? 0);
	for (;;) {
		const history = await journal.readHistory();
		const newest = history.at(-1);
		if (!newest || !isBlocking(newest, claim)) return history;
		if (clock.now() >= deadline) throw held(newest);
		await clock.sleep(POLL_MS, signal);
	}
};

const toEntry = (journal: Journal, claim: Claim, number: number, now: number): FenceEntry => {
	const { version, releaseId, operation, run } = claim;
	const overruled = claim.takeOver === undefined ? [] : [`take-over: ${claim.takeOver}`];
	const reason = [...(claim.reason === null ? [] : [claim.reason]), ...overruled].join('; ') || null;
	return {
		number,
		project: journal.project,
		version,
		releaseId,
		operation,
		run,
		reason,
		time: new Date(now).toISOString(),
	};
};

/**
 * Takes the project for one operation: the next number of its sequence. The same release: the newer attempt takes over.
 * Another, unfinished release: FENCE_HELD, or wait, or an explicit take-over. Liveness is never guessed from a clock.
 * Jobs of one run share one entry.
 * @throws SlipwayError FENCE_HELD
 */
export const claimFence = async (journal: Journal, claim: Claim, context: Context): Promise<Claimed> => {
	for (;;) {
		const history = await waitUntilFree(journal, claim, context);
		const newest = history.at(-1);
		if (newest && isSameRun(newest, claim)) return { fence: newest.fence, history };
		claim.check?.(history);
		const entry = toEntry(journal, claim, (newest?.fence.number ?? 0) + 1, context.clock.now());
		if (await journal.createFence(entry)) return { fence: entry, history };
	}
};

/** The run of a key, whichever attempt: `…/N` is attempt N. */
const toRunOf = ({ key }: Run): string => key.replace(/\/\d+$/, '');

/** Whether an entry was taken by some attempt of this run. */
export const isOfRun = ({ run }: FenceEntry, mine: Run): boolean => toRunOf(run) === toRunOf(mine);

/**
 * The entry under which an earlier job of this run has claimed the release, for a job that may not write the journal. An
 * ended one too: a failed job of the same run is run again under it, as long as nobody else has taken the project.
 * @throws SlipwayError FENCE_MISSING
 */
export const joinFence = async (
	journal: Journal,
	{ version, releaseId, run }: Pick<Claim, 'version' | 'releaseId' | 'run'>,
): Promise<Claimed> => {
	const history = await journal.readHistory();
	const newest = history.at(-1)?.fence;
	const isClaimed = newest?.operation === 'release' && newest.releaseId === releaseId;
	if (newest && isClaimed && isOfRun(newest, run)) return { fence: newest, history };
	const held = newest
		? `${newest.operation} of ${newest.version} by run ${toPrintable(newest.run.key, 100)}`
		: 'nothing';
	throw new SlipwayError<ReleaseCode>(
		'FENCE_MISSING',
		`expected this run to have claimed ${version}, but the newest claim is ${held}`,
		{
			hint: 'Claim the release in a job before this one. Where another run has taken over: leave it to that run.',
		},
	);
};

/**
 * The guard of one operation: awaited before every change, it stops a run that was cancelled or fenced off by a newer one.
 * @throws SlipwayError FENCE_LOST, and the signal's reason
 */
export const toGuard =
	(journal: Journal, fence: FenceEntry, context: Context): Guard =>
	async () => {
		context.signal.throwIfAborted();
		const newest = await patiently(() => journal.readFenceNumber(), context);
		if (newest === fence.number) return;
		throw new SlipwayError<ReleaseCode>(
			'FENCE_LOST',
			`expected fence ${fence.number} to be the newest, got ${newest}: another run has taken over`,
			{
				hint: 'Nothing more is changed by this run. Look at the newer run, or at `slipway status`.',
			},
		);
	};
