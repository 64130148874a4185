import type { Context, Presence, Subject } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { examine } from './examine.ts';
import { toReport } from './finish.ts';
import type { FenceEntry, HistoryEntry } from './journal.ts';
import { type Reading, toLanes } from './operation.ts';
import type { EndState, ReleaseReport, SubjectReport } from './outcome.ts';
import { type Project, toLast } from './release.ts';
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

const toState = (
	reading: Reading,
	presences: readonly Presence['state'][],
	last: HistoryEntry | undefined,
): EndState => {
	if (presences.includes('mismatch')) return 'STOPPED_MISMATCH';
	if (presences.includes('pending')) return 'PENDING_EXTERNAL';
	const isUnseen = reading.plan.subjects.some((subject) => reading.states.get(subject).current === undefined);
	if (isUnseen || presences.includes('unknown')) return 'HELD';
	const recorded = last?.end?.state;
	// Whatever the pointers show: what takes a release back, or forth again, has not come to its end.
	const isOver = recorded !== undefined && ['COMPLETED', ...TAKEN_BACK].includes(recorded);
	if (last && last.fence.operation !== 'release' && !isOver) return 'HELD';
	const present = toPresentState(reading);
	if (present !== 'ROLLED_BACK') return presences.every((state) => state === 'match') ? present : 'HELD';
	if (recorded === 'ABORTED' || recorded === 'ROLLED_BACK') return recorded;
	return 'HELD';
};

const isAt =
	({ states }: Reading, place: 'next' | 'previous') =>
	(subject: Subject): boolean =>
		states.get(subject).current === subject.pointer[place];

/** Whether going on with what was held would say the same again: a rollback, or a restore, that finds nothing it may move. */
const isStuck = (reading: Reading, operation: FenceEntry['operation']): boolean => {
	const { subjects } = reading.plan;
	const [isOurs, isBack] = [isAt(reading, 'next'), isAt(reading, 'previous')];
	const exposed = subjects.filter(isOurs);
	if (operation === 'restore') return subjects.some((subject) => !isOurs(subject) && !isBack(subject));
	if (operation !== 'rollback') return false;
	return exposed.length > 0
		? exposed.every(({ pointer }) => pointer.previous === null)
		: !subjects.some(isBack);
};

/** Where what is recorded says more about the way on than the state alone; undefined: it does not. */
const toNext = (
	reading: Reading,
	state: EndState,
	last: HistoryEntry | undefined,
): Pick<ReleaseReport, 'next'> | undefined => {
	const { subjects, version } = reading.plan;
	const isSeen = subjects.every((subject) => reading.states.get(subject).current !== undefined);
	if (state !== 'HELD' || !last?.end || !isSeen) return undefined;
	if (last.end.state === 'HELD') return isStuck(reading, last.fence.operation) ? { next: null } : undefined;
	// Somebody moved pointers to what had been taken back: what is over does not go on, it is taken back again.
	const isShownAgain = TAKEN_BACK.includes(last.end.state) && subjects.some(isAt(reading, 'next'));
	return isShownAgain ? { next: `slipway rollback ${version} --reason TEXT --yes` } : undefined;
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
	const last = toLast(await project.journal.readHistory(), project.version);
	const state = toState(reading, presences, last);
	const recorded = last
		? `last recorded: ${last.fence.operation}, ${last.end?.state ?? 'not ended'}`
		: 'no operation is recorded';
	const reason = [recorded, ...findings.map(({ target, message }) => `${target}: ${message}`)].join('; ');
	return toReport(reading, { state, reason, operation: 'status', ...toNext(reading, state, last) });
};
