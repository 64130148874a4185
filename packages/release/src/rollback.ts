import { type Context, SlipwayError, type Subject } from '@slipway/core';
import { type Adopted, adoptPlan, readAdopted } from './adopt.ts';
import type { ReleaseCode } from './code.ts';
import { checkContract } from './contract.ts';
import { checkFindings, examine, type TargetFinding } from './examine.ts';
import { finish, type Phase, runPhases, toReport } from './finish.ts';
import type { Operation, Reading } from './operation.ts';
import type { ReleaseReport } from './outcome.ts';
import { NO_EVIDENCE, PLAN_MEDIA_TYPE, type Plan, toReleaseId } from './plan.ts';
import { claim, type Project, toLast } from './release.ts';
import { SubjectStates } from './subject-states.ts';
import { verifySubjects } from './verify.ts';
import { checkGone, withdrawAll } from './withdraw.ts';

export interface RollbackRequest extends Project {
	readonly version: string;
	/** Recorded, and shown to users where a registry has a place for it. */
	readonly reason: string;
	/** False: only say what would happen. */
	readonly act: boolean;
	/** Without a record of the release: the older release to go back to. */
	readonly to?: string | undefined;
}

/**
 * A plan made from what the targets hold, for a release that has no record.
 * @throws SlipwayError OPERATION_REFUSED
 */
const recoverPlan = async (
	{ publishers, journal, version }: RollbackRequest,
	to: string,
	context: Context,
): Promise<Plan> => {
	publishers.forEach(checkContract);
	const answers = await Promise.all(
		publishers.map((publisher) => publisher.preflight({ operation: 'recover', version, to }, context)),
	);
	const findings = answers.flatMap(({ findings }, index): TargetFinding[] =>
		findings.map((finding) => ({ ...finding, target: publishers[index]?.id ?? '-' })),
	);
	checkFindings(findings, `${version} cannot be rolled back to ${to}`);
	const subjects = answers.flatMap(({ subjects }) => subjects.map(({ subject }) => subject));
	if (subjects.length === 0) {
		throw new SlipwayError<ReleaseCode>('OPERATION_REFUSED', `no target has ${version}`, {
			hint: 'Look at the version: slipway status.',
		});
	}
	const targets = publishers.map(({ id, description, traits }) => ({ id, description, traits }));
	return {
		mediaType: PLAN_MEDIA_TYPE,
		project: journal.project,
		version,
		source: { repo: null, commit: null, ref: null },
		place: `none: recovered from the targets, back to ${to}`,
		targets,
		subjects,
		policy: { onFailure: 'hold' },
		evidence: NO_EVIDENCE,
		line: null,
		repoints: null,
	};
};

/** The recorded release with other values to go back to, as the targets have them for release `to`. */
const toRetargeted = ({ plan, releaseId }: Adopted, recovered: Plan): Adopted => {
	const subjects = plan.subjects.map((subject) => {
		const found = recovered.subjects.find(({ target, id }) => target === subject.target && id === subject.id);
		return found
			? { ...subject, pointer: { ...subject.pointer, previous: found.pointer.previous } }
			: subject;
	});
	return { plan: { ...plan, subjects, repoints: toReleaseId(plan) }, releaseId };
};

const resolvePlan = async (request: RollbackRequest, context: Context): Promise<Adopted> => {
	const { journal, version, to, act } = request;
	if (to === undefined) return adoptPlan(journal, version);
	const plans = await journal.readPlans(version);
	const recorded = await readAdopted(journal, version);
	const recovered = await recoverPlan(request, to, context);
	const adopted = recorded
		? toRetargeted(recorded, recovered)
		: { plan: recovered, releaseId: toReleaseId(recovered) };
	if (!act || (await journal.createPlan(adopted.plan, plans.length + 1))) return adopted;
	throw new SlipwayError<ReleaseCode>(
		'OPERATION_REFUSED',
		`another run has written a plan of ${version} meanwhile`,
		{ hint: 'Nothing was changed. Run the same command again: it reads that plan first.' },
	);
};

export const toReading = (
	{ publishers }: Project,
	{ plan, releaseId }: Adopted,
	context: Context,
): Reading => ({
	plan,
	releaseId,
	publishers,
	states: new SubjectStates(plan),
	context,
});

const describeMove = ({ states }: Reading, { pointer, ...subject }: Subject): string => {
	const { current } = states.get(subject);
	const where = `${subject.target}: ${subject.id} ${pointer.name}`;
	if (current === pointer.next) return `${where}: ${pointer.next} -> ${pointer.previous ?? 'nothing'}`;
	return current === pointer.previous
		? `${where}: already ${pointer.previous ?? 'nothing'}`
		: `${where}: left alone, ${current ?? 'nothing'} is not ours`;
};

const isOurs =
	(operation: Operation) =>
	(subject: Subject): boolean =>
		operation.states.get(subject).current === subject.pointer.previous;

const ROLLBACK_PHASES = (reason: string): readonly Phase[] => [
	{ name: 'withdraw', run: (operation) => withdrawAll(operation, { from: 'exposed', reason }) },
	{
		name: 'verify as a consumer',
		run: (operation) => verifySubjects(operation, 'withdrawn', isOurs(operation)),
	},
	{ name: 'check that it is gone', run: checkGone },
];

/**
 * An aborted release has nothing to go back from; a rollback on record would make it look like one that was shown once, and
 * could be shown again. What the targets show goes before what is recorded.
 * @throws SlipwayError OPERATION_REFUSED
 */
const checkNotAborted = async ({ journal, version }: RollbackRequest, reading: Reading): Promise<void> => {
	const last = toLast(await journal.readHistory(), version);
	if (last?.end?.state !== 'ABORTED' || toPresentState(reading) !== 'ROLLED_BACK') return;
	throw new SlipwayError<ReleaseCode>('OPERATION_REFUSED', `${version} was aborted and never exposed`, {
		hint: 'Nothing is left to roll back. Release the next version.',
	});
};

/**
 * Hauls a release back: every pointer that still is ours goes to what it was before, targets in reverse, and the result is
 * looked at through a consumer's eyes. Without `act` it only says what would move. Pointers that others moved are left alone.
 * @throws SlipwayError PLAN_MISSING, OPERATION_REFUSED, FENCE_HELD, FENCE_LOST
 */
export const rollback = async (request: RollbackRequest, context: Context): Promise<ReleaseReport> => {
	const adopted = await resolvePlan(request, context);
	const reading = toReading(request, adopted, context);
	checkFindings(await examine(reading, 'rollback'), `${request.version} cannot be rolled back`);
	await checkNotAborted(request, reading);
	if (!request.act) {
		const reason = `dry run, nothing was changed. Would move ${adopted.plan.subjects
			.toReversed()
			.map((subject) => describeMove(reading, subject))
			.join('; ')}`;
		const next = `slipway rollback ${request.version}${request.to ? ` --to ${request.to}` : ''} --reason TEXT --yes`;
		return toReport(reading, {
			state: toPresentState(reading),
			reason,
			next,
			operation: 'rollback',
			dryRun: true,
		});
	}
	const operation = await claim(request, adopted, { operation: 'rollback', reason: request.reason, context });
	const { stop, times } = await runPhases(operation, ROLLBACK_PHASES(request.reason));
	return finish(operation, {
		...(stop ?? { state: 'ROLLED_BACK', reason: request.reason }),
		operation: 'rollback',
		times,
	});
};

/** Where a release stands by its pointers alone. */
export const toPresentState = ({
	plan,
	states,
}: Pick<Operation, 'plan' | 'states'>): 'COMPLETED' | 'ROLLED_BACK' | 'HELD' => {
	const exposed = plan.subjects.filter(
		(subject) => states.get(subject).current === subject.pointer.next,
	).length;
	if (exposed === plan.subjects.length) return 'COMPLETED';
	return exposed === 0 ? 'ROLLED_BACK' : 'HELD';
};
