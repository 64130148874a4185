import { type Context, toMessage } from '@slipway/core';
import type { EndEntry, FenceEntry, Journal, Outcome } from './journal.ts';
import { isJournalTransient, patiently } from './patience.ts';

interface Recording {
	readonly journal: Journal;
	readonly fence: FenceEntry;
	readonly context: Context;
}

/**
 * What one operation has to tell the journal. A record is for people and decides nothing: where the journal cannot be
 * reached for a while, it is missing, and the operation goes on as if it were there.
 */
export class Records {
	readonly #recording: Recording;
	#noted: readonly Outcome[] = [];
	#last: Promise<void> = Promise.resolve();

	constructor(recording: Recording) {
		this.#recording = recording;
	}

	/** Something that was only looked at: recorded with what comes next, and before anything is changed. */
	note(name: string, outcome: object): void {
		this.#noted = [...this.#noted, { name, outcome }];
	}

	/** Something that was changed: recorded now, with all that is noted, in one write. */
	record(name: string, outcome: object): Promise<void> {
		this.note(name, outcome);
		return this.flush();
	}

	/** Everything that is noted is recorded when it ends, also what another call is about to write. */
	flush(): Promise<void> {
		const noted = this.#noted;
		this.#noted = [];
		const before = this.#last.catch(() => {});
		this.#last = noted.length === 0 ? before : before.then(() => this.#write(noted));
		return this.#last;
	}

	/** The end of the operation, in one write with all that is noted. @throws SlipwayError STORE_* */
	async end(outcome: object, end: EndEntry): Promise<void> {
		const { journal, fence, context } = this.#recording;
		const outcomes = [...this.#noted, { name: 'end', outcome }];
		this.#noted = [];
		await this.#last.catch(() => {});
		if (await this.#tryTo(() => journal.createEnd(fence, end, outcomes), outcomes)) return;
		// What frees the project is worth another try, alone.
		await patiently(() => journal.createEnd(fence, end), context);
	}

	async #write(outcomes: readonly Outcome[]): Promise<void> {
		const { journal, fence } = this.#recording;
		await this.#tryTo(() => journal.createOutcomes(fence, outcomes), outcomes);
	}

	/** False: the journal does not answer. */
	async #tryTo(write: () => Promise<void>, outcomes: readonly Outcome[]): Promise<boolean> {
		const { context } = this.#recording;
		try {
			await patiently(write, context);
			return true;
		} catch (thrown) {
			if (context.signal.aborted || !isJournalTransient(thrown)) throw thrown;
			const names = outcomes.map(({ name }) => name).join(', ');
			context.log.warning(`the record ${names} is missing in the journal: ${toMessage(thrown)}`);
			return false;
		}
	}
}
