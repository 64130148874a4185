import { SlipwayError } from '@slipway/core';
import { testContext, VirtualClock } from '@slipway/testing';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import { isJournalTransient, patiently } from './patience.ts';

const withCode = (code: string): SlipwayError => new SlipwayError(code, 'no', { hint: 'Wait.' });
const BUSY = withCode('STORE_BUSY');

/** Fails with `thrown` the first `times`, then gives the number of the try. */
const failing = (thrown: unknown, times: number) => {
	let tries = 0;
	return {
		get tries() {
			return tries;
		},
		task: async () => {
			tries += 1;
			if (tries <= times) throw thrown;
			return tries;
		},
	};
};

test.each([
	['STORE_BUSY', true, withCode('STORE_BUSY')],
	['STORE_UNREACHABLE', true, withCode('STORE_UNREACHABLE')],
	['STORE_UNREADABLE', true, withCode('STORE_UNREADABLE')],
	['STORE_READ_ONLY', false, withCode('STORE_READ_ONLY')],
	['another error', false, new Error('STORE_BUSY')],
	['an object', false, { code: 'STORE_BUSY' }],
	['nothing', false, undefined],
])('%s may be gone in a moment: %s', async (_name, isTransient, thrown) => {
	expect(isJournalTransient(thrown)).toBe(isTransient);
	const attempt = failing(thrown, 1);
	const result = patiently(attempt.task, testContext('nowhere'));
	if (isTransient) expect(await result).toBe(2);
	else await expect(result).rejects.toBe(thrown);
});

test(`the ${MAX_TRIES}th try is the last, after longer and longer waits`, async () => {
	const clock = new VirtualClock();
	const begun = clock.now();
	expect(await patiently(failing(BUSY, MAX_TRIES - 1).task, testContext('nowhere', clock))).toBe(MAX_TRIES);
	const waits = [1, 2, 3, 4].map((attempt) => toBackoffMs(attempt, 'journal'));
	expect(clock.now() - begun).toBe(waits.reduce((sum, ms) => sum + ms, 0));
	const hopeless = failing(BUSY, 100);
	await expect(patiently(hopeless.task, testContext('nowhere', clock))).rejects.toBe(BUSY);
	expect(hopeless.tries).toBe(MAX_TRIES);
});

test('who is cancelled does not try again, and hears what failed', async () => {
	const context = testContext('nowhere');
	const attempt = failing(BUSY, 1);
	context.abort(new Error('cancelled'));
	await expect(patiently(attempt.task, context)).rejects.toBe(BUSY);
	expect(attempt.tries).toBe(1);
});
