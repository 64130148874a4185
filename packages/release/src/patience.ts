import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { StoreCode } from '@slipway/store';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import type { FenceEntry, Journal } from './journal.ts';

const TRANSIENT: readonly StoreCode[] = ['STORE_BUSY', 'STORE_UNREACHABLE', 'STORE_UNREADABLE'];

/** Whether the journal's store may answer in a moment. */
const isTransient = (thrown: unknown): boolean =>
	thrown instanceof SlipwayError && TRANSIENT.some((code) => code === thrown.code);

/**
 * Asks the journal again where its store does not answer, a few times. Only for what may be done twice: reads, and the
 * creation of a file, which is fine with the same bytes.
 */
export const patiently = async <T>(task: () => Promise<T>, { clock, signal }: Context): Promise<T> => {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await task();
		} catch (thrown) {
			if (attempt >= MAX_TRIES || signal.aborted || !isTransient(thrown)) throw thrown;
			await clock.sleep(toBackoffMs(attempt, 'journal'), signal);
		}
	}
};

/** What records have need of. */
interface Recording {
	readonly journal: Journal;
	readonly fence: FenceEntry;
	readonly context: Context;
}

/**
 * Records what happened. A record is for people and decides nothing: where the journal cannot be reached for a while, it is
 * missing, and the operation goes on as if it were there.
 */
export const recordOutcome = async (
	{ journal, fence, context }: Recording,
	name: string,
	outcome: object,
): Promise<void> => {
	try {
		await patiently(() => journal.createOutcome(fence, name, outcome), context);
	} catch (thrown) {
		if (context.signal.aborted || !isTransient(thrown)) throw thrown;
		context.log.warning(`the record ${name} is missing in the journal: ${toMessage(thrown)}`);
	}
};
