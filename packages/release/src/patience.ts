import { type Context, SlipwayError } from '@slipway/core';
import type { StoreCode } from '@slipway/store';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';

const TRANSIENT: readonly StoreCode[] = ['STORE_BUSY', 'STORE_UNREACHABLE', 'STORE_UNREADABLE'];

/** Whether the journal's store may answer in a moment. */
export const isJournalTransient = (thrown: unknown): boolean =>
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
			if (attempt >= MAX_TRIES || signal.aborted || !isJournalTransient(thrown)) throw thrown;
			await clock.sleep(toBackoffMs(attempt, 'journal'), signal);
		}
	}
};
