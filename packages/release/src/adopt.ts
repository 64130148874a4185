import { type Context, SlipwayError, type Subject } from '@slipway/core';
import type { ReleaseCode } from './code.ts';
import type { Journal } from './journal.ts';
import { type Plan, toReleaseId } from './plan.ts';
import { makePlan, type PlanRequest } from './planning.ts';

/** The plan that counts now, and the identity of the release: the first plan's digest. */
export interface Adopted {
	readonly plan: Plan;
	readonly releaseId: string;
}

const toAdopted = (plans: readonly Plan[]): Adopted | undefined => {
	const [first, newest] = [plans[0], plans.at(-1)];
	return first && newest && { plan: newest, releaseId: toReleaseId(first) };
};

/** The frozen plan of a version, undefined where there is none. */
export const readAdopted = async (journal: Journal, version: string): Promise<Adopted | undefined> =>
	toAdopted(await journal.readPlans(version));

/** @throws SlipwayError PLAN_MISSING */
export const adoptPlan = async (journal: Journal, version: string): Promise<Adopted> => {
	const adopted = await readAdopted(journal, version);
	if (adopted) return adopted;
	throw new SlipwayError<ReleaseCode>(
		'PLAN_MISSING',
		`the journal (${journal.store.description}) has no plan of ${journal.project} ${version}`,
		{
			hint: `Look at the version and at \`journal:\` in slipway.yml. To haul back a release without a record: slipway rollback ${version} --to OLDER_VERSION --reason TEXT.`,
		},
	);
};

/** Adopts the plan of this version, or makes one and freezes it; who loses the race adopts the winner's. */
export const freezePlan = async (
	journal: Journal,
	request: PlanRequest,
	context: Context,
): Promise<Adopted> => {
	const { version } = request.manifest;
	const adopted = await readAdopted(journal, version);
	if (adopted) return adopted;
	await journal.createPlan(await makePlan(request, context));
	return adoptPlan(journal, version);
};

/** Only what somebody else moved is read afresh; what is exposed already keeps the value that it goes back to. */
const toRepointed = (subject: Subject, seen: readonly Subject[]): Subject => {
	const now = seen.find(({ target, id }) => target === subject.target && id === subject.id)?.pointer;
	const isMoved = now && now.name === subject.pointer.name && now.previous !== subject.pointer.next;
	return isMoved ? { ...subject, pointer: now } : subject;
};

/** Writes a plan that names the newest one by digest and differs only in pointers, read afresh from the targets. */
export const repointPlan = async (
	journal: Journal,
	request: PlanRequest,
	context: Context,
): Promise<Adopted> => {
	const plans = await journal.readPlans(request.manifest.version);
	const newest = plans.at(-1);
	if (!newest) return freezePlan(journal, request, context);
	const seen = await makePlan({ ...request, line: request.line ?? newest.line ?? undefined }, context);
	const subjects = newest.subjects.map((subject) => toRepointed(subject, seen.subjects));
	await journal.createPlan({ ...newest, subjects, repoints: toReleaseId(newest) }, plans.length + 1);
	return adoptPlan(journal, newest.version);
};
