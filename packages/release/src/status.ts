import type { Context, Presence, Subject } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { examine } from './examine.ts';
import { toReport } from './finish.ts';
import type { HistoryEntry } from './journal.ts';
import { type Reading, toLanes } from './operation.ts';
import type { EndState, ReleaseReport, SubjectReport } from './outcome.ts';
import { type Past, type Project, toPast } from './release.ts';
import { toPresentState, toReading } from './rollback.ts';
import { inParallel } from './upload.ts';

const probeAll = async (reading: Reading): Promise<Presence['state'][]> => {
	const found = await inParallel(toLanes(reading), async ({ publisher, subjects }) => {
		const states: Presence['state'][] = [];
		for (const subject of subjects) {
			for (const artifact of subject.artifacts) {
				const presence = await publisher.probe(artifact, reading.context);
				states.push(presence.state);
				if (presence.state !== 'match')
					reading.states.note(subject, { state: presence.state satisfies SubjectReport['state'] });
			}
		}
		return states;
	});
	return found.flat();
};

const TAKEN_BACK: readonly string[] = ['ABORTED', 'ROLLED_BACK'] satisfies EndState[];

const isAt =
	({ states }: Reading, place: 'next' | 'previous') =>
	(subject: Subject): boolean =>
		states.get(subject).current === subject.pointer[place];

const isSeen = ({ plan, states }: Reading): boolean =>
	plan.subjects.every((subject) => states.get(subject).current !== undefined);

/** No pointer names this release, or what was there before it: other releases came after it. */
const isFollowed = (reading: Reading): boolean =>
	!reading.plan.subjects.some(
		(subject) => isAt(reading, 'next')(subject) || isAt(reading, 'previous')(subject),
	);

/** Whatever the pointers show: what takes a release back, or forth again, has not come to its end. */
const isUnderWay = ({ fence, end }: HistoryEntry): boolean =>
	fence.operation !== 'release' && !['COMPLETED', ...TAKEN_BACK].includes(end?.state ?? '');

const toState = (
	reading: Reading,
	presences: readonly Presence['state'][],
	last: HistoryEntry | undefined,
): EndState => {
	if (presences.includes('mismatch')) return 'STOPPED_MISMATCH';
	if (presences.includes('pending')) return 'PENDING_EXTERNAL';
	if (!isSeen(reading) || presences.includes('unknown') || (last && isUnderWay(last))) return 'HELD';
	const present = toPresentState(reading);
	const recorded = last?.end?.state;
	if (recorded === 'ABORTED' || recorded === 'ROLLED_BACK')
		return present === 'ROLLED_BACK' ? recorded : 'HELD';
	const isReleased = present === 'COMPLETED' || (recorded === 'COMPLETED' && isFollowed(reading));
	return isReleased && presences.every((state) => state === 'match') ? 'COMPLETED' : 'HELD';
};

/** The way on where the state alone does not tell it: no command that would change nothing, and none that would do harm. */
const toNext = (
	reading: Reading,
	state: EndState,
	{ last, isSuperseded }: Past,
): Pick<ReleaseReport, 'next'> | undefined => {
	const { subjects, version } = reading.plan;
	const isExposed = subjects.some(isAt(reading, 'next'));
	const recorded = last?.end?.state;
	const isTakenBack = recorded !== undefined && TAKEN_BACK.includes(recorded);
	// Somebody moved pointers to what had been taken back, or must not be shown.
	if (isExposed && (isTakenBack || last?.fence.operation === 'abort'))
		return { next: `slipway rollback ${version} --reason TEXT --yes` };
	const isOver = isTakenBack || recorded === 'COMPLETED';
	const isMoved = isSuperseded || isFollowed(reading);
	const leadsNowhere =
		(last?.end?.next === null && ['HELD', 'STOPPED_MISMATCH'].includes(state)) ||
		(isOver && !isExposed && state === 'STOPPED_MISMATCH') ||
		(isTakenBack && state === 'PENDING_EXTERNAL') ||
		(recorded === 'ROLLED_BACK' && state === 'ROLLED_BACK' && isMoved) ||
		(recorded === 'COMPLETED' && state === 'HELD' && isSeen(reading) && isSuperseded);
	return leadsNowhere ? { next: null } : undefined;
};

/**
 * Target by target what is where, asked of the targets themselves; the journal only says what to ask for.
 * @throws SlipwayError PLAN_MISSING
 */
export const status = async (
	project: Project & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const adopted = await adoptPlan(project.journal, project.version);
	const reading = toReading(project, adopted, context);
	const findings = await examine(reading, 'status');
	const presences = await probeAll(reading);
	const past = toPast(await project.journal.readHistory(), project.version);
	const { last } = past;
	const state = toState(reading, presences, last);
	const recorded = last
		? `last recorded: ${last.fence.operation}, ${last.end?.state ?? 'not ended'}`
		: 'no operation is recorded';
	const reason = [recorded, ...findings.map(({ target, message }) => `${target}: ${message}`)].join('; ');
	return toReport(reading, { state, reason, operation: 'status', ...toNext(reading, state, past) });
};
