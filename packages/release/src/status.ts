import type { Context, Presence } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { examine } from './examine.ts';
import { toReport } from './finish.ts';
import type { HistoryEntry } from './journal.ts';
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

const toState = (
	reading: Reading,
	presences: readonly Presence['state'][],
	last: HistoryEntry | undefined,
): EndState => {
	if (presences.includes('mismatch')) return 'STOPPED_MISMATCH';
	if (presences.includes('pending')) return 'PENDING_EXTERNAL';
	const isUnseen = reading.plan.subjects.some((subject) => reading.states.get(subject).current === undefined);
	if (isUnseen || presences.includes('unknown')) return 'HELD';
	// Whatever the pointers show: what takes a release back, or forth again, has not come to its end.
	if (last && !last.end && last.fence.operation !== 'release') return 'HELD';
	const present = toPresentState(reading);
	const recorded = last?.end?.state;
	if (present !== 'ROLLED_BACK') return presences.every((state) => state === 'match') ? present : 'HELD';
	if (recorded === 'ABORTED' || recorded === 'ROLLED_BACK') return recorded;
	return 'HELD';
};

/** What is still exposed has nothing before it to go back to: going on with its rollback would say the same again. */
const isAtItsFirst = ({ plan, states }: Reading): boolean => {
	const exposed = plan.subjects.filter((subject) => states.get(subject).current === subject.pointer.next);
	return exposed.length > 0 && exposed.every(({ pointer }) => pointer.previous === null);
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
	const isStuck = last?.fence.operation === 'rollback' && last.end?.state === 'HELD' && isAtItsFirst(reading);
	return toReport(reading, { state, reason, operation: 'status', ...(isStuck ? { next: null } : {}) });
};
