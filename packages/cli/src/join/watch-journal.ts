import type { Journal, Plan } from '@slipway/release';
import { type Expected, toExpected, type Unfinished } from './watch-expected.ts';
import { type Look, toDistance, toSeen, toWatchFinding } from './watch-look.ts';

/** Every plan and the end of every operation. @throws SlipwayError JOURNAL_CORRUPT, PLAN_*, STORE_* */
export const readExpected = async (journal: Journal): Promise<Expected> => {
	const history = await journal.readHistory();
	const plans = new Map<string, Plan>();
	for (const { fence } of history) {
		if (plans.has(fence.version)) continue;
		const newest = (await journal.readPlans(fence.version)).at(-1);
		if (newest) plans.set(fence.version, newest);
	}
	return toExpected(history, plans);
};

/** An operation that has just begun is most likely running. */
const RUNNING_MS = 3_600_000;
const DAY_MS = 86_400_000;

const isRunning = ({ state, since }: Unfinished, now: number): boolean =>
	state === null && now - Date.parse(since) < RUNNING_MS;

const toText = ({ operation, version, actor, state, reason, since }: Unfinished, now: number): string => {
	const end = state === null ? 'was cut off' : `is ${state}: ${reason ?? 'no reason is recorded'}`;
	return `${operation} of ${version} (${actor}) ${end}; since ${since}, ${toDistance(Date.parse(since), now)}`;
};

/** A release is gone on with; what hauls back or restores is started again, and goes on where it was. */
const toDispatched = ({ operation }: Unfinished): string =>
	operation === 'release' ? 'continue' : operation;

/** Releases and other operations that have not come to their end, with their age. */
export const lookAtJournal: Look = async ({ expected, context }) => {
	const now = context.clock.now();
	const stuck = expected.unfinished.filter((each) => !isRunning(each, now));
	const findings = stuck.map((each) =>
		toWatchFinding(now - Date.parse(each.since) > DAY_MS ? 'error' : 'warning', 'WATCH_UNFINISHED', {
			target: 'journal',
			message: toText(each, now),
			hint: `Go on with it: Actions -> Run workflow, operation ${toDispatched(each)}; or slipway continue ${each.version}.`,
		}),
	);
	const { plans, completed } = expected;
	return toSeen(
		findings,
		`journal: ${plans.length} releases, ${completed.length} of them completed and not taken back`,
	);
};
