import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { Change, StoreCode, WriteGuard, WriteOutcome } from '../store.ts';
import type { Candidate } from './ancestry.ts';
import type { Blobs } from './blobs.ts';
import { FAST_IMPORT, toCompression, toFastImport } from './commit.ts';
import { isLostRace, isRefusedUnsent, toGitError } from './git-error.ts';
import { type Judgement, judge } from './judge.ts';
import type { PrivateRepository } from './private-repository.ts';
import type { RemoteBranch, Snapshot } from './remote-branch.ts';

export interface CommitWriter {
	readonly branch: RemoteBranch;
	readonly blobs: Blobs;
	readonly open: () => Promise<PrivateRepository>;
	/** For people. */
	readonly store: string;
	/** How long others may be faster before STORE_BUSY. */
	readonly waitMs: number;
	readonly guard: WriteGuard;
	/** Before a server that takes no push and does not say why is asked again; then it is given up. */
	readonly pausesMs: readonly number[];
}

/** Longest pause after a lost race; each is a random part of it, so that writers do not meet again and again. */
const LONGEST_PAUSE_MS = 1_000;
const FIRST_PAUSE_MS = 25;

/** A commit that was made. */
interface Attempt {
	readonly base: Snapshot;
	readonly commit: string;
	readonly tree: Extract<Judgement, { verdict: 'apply' }>['tree'];
	/** A push of it ended so that it may have arrived nevertheless. */
	mayBeThere: boolean;
}

/** One write: its changes, and what has become of it so far. */
class Writing {
	readonly #writer: CommitWriter;
	readonly #changes: readonly Change[];
	readonly #attempts: Attempt[] = [];
	readonly #deadline: number;
	#lost = 0;
	#unanswered = 0;

	constructor(writer: CommitWriter, changes: readonly Change[]) {
		this.#writer = writer;
		this.#changes = changes;
		this.#deadline = performance.now() + writer.waitMs;
	}

	/** Without asking the remote first where it is known: a push tells as well whether that is still true. */
	async start(): Promise<WriteOutcome> {
		const { branch } = this.#writer;
		const { known } = branch;
		if (known && (await this.#isWorthTrying(known)) && (await this.#tryOn(known)) === 'written')
			return { outcome: 'written' };
		for (;;) {
			const snapshot = await branch.refresh();
			if (await branch.holds(snapshot, this.#candidates)) return { outcome: 'written' };
			const outcome = await this.#tryOn(snapshot);
			if (outcome === 'written') return { outcome: 'written' };
			if (outcome === 'lost') continue;
			// What is to be said of the branch must have been true of it after this write was called.
			return outcome;
		}
	}

	async #isWorthTrying(base: Snapshot): Promise<boolean> {
		try {
			const judgement = judge(await base.tree(), this.#changes);
			return judgement.verdict === 'apply' && judgement.edits.length > 0;
		} catch {
			return false;
		}
	}

	get #candidates(): readonly Candidate[] {
		return this.#attempts
			.filter(({ mayBeThere }) => mayBeThere)
			.map(({ commit, base }) => ({ commit, parent: base.commit }));
	}

	/** `lost`: nothing was written, or nobody knows: look again. */
	async #tryOn(base: Snapshot): Promise<WriteOutcome | 'written' | 'lost'> {
		const judgement = judge(await base.tree(), this.#changes);
		if (judgement.verdict === 'conflict') return { outcome: 'conflict', path: judgement.path };
		if (judgement.edits.length === 0) return { outcome: 'written' };
		const attempt = await this.#make(base, judgement);
		await this.#writer.guard();
		const { ok, output } = await this.#writer.branch.push(attempt.commit);
		if (!ok) return this.#lookAtRefusal(attempt, output);
		this.#writer.branch.advance(base, attempt);
		for (const { id, bytes } of judgement.edits) if (bytes) this.#writer.blobs.keep(id, bytes);
		return 'written';
	}

	/** The same commit again where nothing has changed: if a lost push arrives late, both are one. */
	async #make(base: Snapshot, judgement: Extract<Judgement, { verdict: 'apply' }>): Promise<Attempt> {
		const made = this.#attempts.find((attempt) => attempt.base.commit === base.commit);
		if (made) return made;
		const repository = await this.#writer.open();
		const time = Math.floor(Date.now() / 1000);
		const { ok, stdout, output } = await repository.git(
			[...toCompression(judgement.edits), ...FAST_IMPORT],
			toFastImport({ parent: base.commit, edits: judgement.edits, time }),
		);
		const commit = stdout.trim();
		if (!ok || !/^[0-9a-f]{40}$/.test(commit)) throw this.#toError(output);
		const attempt = { base, commit, tree: judgement.tree, mayBeThere: false };
		this.#attempts.push(attempt);
		return attempt;
	}

	/** @throws SlipwayError STORE_* where trying again cannot help */
	async #lookAtRefusal(attempt: Attempt, output: string): Promise<'lost'> {
		const error = this.#toError(output);
		const isRace = isLostRace(output);
		const { mayRepeat } = await this.#writer.open();
		attempt.mayBeThere ||= isRace
			? mayRepeat && !isRefusedUnsent(output)
			: error.code === 'STORE_UNREACHABLE';
		if (isRace) return this.#pauseAfterRace(error);
		if (error.code === 'STORE_UNREACHABLE') return this.#pauseUnanswered(error);
		throw error;
	}

	/** A lost reply is settled by looking; a server that lost the push as well is asked a few times. */
	async #pauseUnanswered(error: SlipwayError): Promise<'lost'> {
		const { branch, pausesMs } = this.#writer;
		const pause = pausesMs[this.#unanswered];
		this.#unanswered += 1;
		if (await branch.holds(await branch.refresh(), this.#candidates)) return 'lost';
		if (pause === undefined) throw error;
		await sleep(pause * (0.5 + Math.random()));
		return 'lost';
	}

	async #pauseAfterRace(cause: SlipwayError): Promise<'lost'> {
		if (performance.now() > this.#deadline) throw this.#toBusy(cause);
		const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#lost);
		this.#lost += 1;
		await sleep(Math.random() * longest);
		return 'lost';
	}

	#toBusy(cause: SlipwayError): SlipwayError<StoreCode> {
		const { store, waitMs } = this.#writer;
		return new SlipwayError<StoreCode>(
			'STORE_BUSY',
			`${store}: expected to write within ${waitMs} ms, but ${this.#lost} times another writer was first; the last time: ${cause.message}`,
			{
				hint: 'Run the command again. Where the message names a .lock file of a local repository that no running git holds: remove that file.',
				cause,
			},
		);
	}

	#toError(output: string): SlipwayError<StoreCode> {
		return toGitError({ verb: 'write', store: this.#writer.store, output });
	}
}

/**
 * Store.write on a branch: one commit on top of what the branch is, pushed without force. Who is not first looks at the
 * branch again and judges every change anew. A push whose reply was lost is settled by what the branch holds.
 */
export const writeCommit = (writer: CommitWriter, changes: readonly Change[]): Promise<WriteOutcome> =>
	new Writing(writer, changes).start();
