import type { Release } from '@slipway/archive';
import { type Context, SlipwayError } from '@slipway/core';
import { adoptPlan, claimOnly, type ReleaseReport } from '@slipway/release';
import { verifyBranch } from './branch.ts';
import { openJournal } from './journal.ts';
import { isWithoutIdentity } from './no-identity.ts';
import { type ReleaseOptions, toRequest } from './operations.ts';
import { openPolicy } from './policy.ts';
import { type Door, type OpenProject, openProject } from './project.ts';
import { verifyRunRef } from './protected-run.ts';
import { readWhole } from './read-whole.ts';
import { signStageRecords } from './sign.ts';
import { leavePlanRecord } from './stage-records.ts';
import { verifyTag } from './tag.ts';

export type ClaimCode =
	/** The Release at hand is of another version than the one asked for. */
	'CLAIM_OTHER_VERSION';

/** A claimed release, for the jobs that publish it. */
export interface Claimed {
	readonly report: ReleaseReport;
	/** Types of the targets of the plan, each once, in its order: which jobs have something to do. */
	readonly types: readonly string[];
	readonly releaseFolder: string;
}

/**
 * Signs the records that have no signature yet, where this job holds an identity that signs; it leaves them to a later job
 * where it holds none.
 * @returns whether they are signed now
 * @throws as signStageRecords
 */
export const signRecordsHere = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<boolean> => {
	try {
		return (await signStageRecords(project, release, context)) !== undefined;
	} catch (thrown) {
		if (!isWithoutIdentity(thrown)) throw thrown;
		context.log.info(
			'this job holds no identity that signs: the records of this stage are left to the job that publishes',
		);
		return false;
	}
};

const toTypes = ({ config }: OpenProject, { subjects }: ReleaseReport): string[] => [
	...new Set(subjects.flatMap(({ target }) => config.targets[target]?.type ?? [])),
];

/** @throws SlipwayError CLAIM_OTHER_VERSION, TAG_*, REF_UNPROTECTED, COMMIT_NOT_ON_BRANCH, BRANCH_UNREADABLE */
const verifyMayClaim = async (project: OpenProject, { manifest }: Release, context: Context) => {
	const { version } = project.door;
	if (version !== undefined && manifest.version !== version)
		throw new SlipwayError<ClaimCode>(
			'CLAIM_OTHER_VERSION',
			`expected a Release of ${version}, got one of ${manifest.version}`,
			{ hint: 'Claim the version that was built, or name the Release of the other one.' },
		);
	const policy = await openPolicy(project);
	verifyRunRef(project, policy);
	await verifyTag(project, manifest, context);
	await verifyBranch(project, { policy, commit: manifest.source.commit }, context);
};

/**
 * Freezes and claims the plan of a Release, or goes on under the plan that was frozen for it, and leaves the record of the
 * plan, signed, so that the jobs that publish find a whole chain. Without an identity that signs, they sign it.
 * @throws SlipwayError CLAIM_OTHER_VERSION, TAG_*, COMMIT_NOT_ON_BRANCH, GATE_REFUSED, and as claimOnly and signStageRecords
 */
export const claimProject = async (
	door: Door,
	options: ReleaseOptions,
	context: Context,
): Promise<Claimed> => {
	const project = await openProject(door);
	const release = await readWhole(project);
	await verifyMayClaim(project, release, context);
	const request = await toRequest(project, release, { ...options, needsCredentials: false });
	const report = await claimOnly(request, context);
	const { releaseFolder } = project;
	if (!report.partial || report.releaseId === null) return { report, types: [], releaseFolder };
	if (await signRecordsHere(project, release, context))
		await leavePlanRecord(project, { release, releaseId: report.releaseId }, context);
	return { report, types: toTypes(project, report), releaseFolder };
};

/**
 * Where the bytes of a version were kept when its plan was frozen: a folder, or a run and its artifact.
 * @throws SlipwayError PLAN_MISSING
 */
export const readPlannedPlace = async (door: Door): Promise<string> => {
	const project = await openProject(door);
	const { plan } = await adoptPlan(openJournal(project), project.version);
	return plan.place;
};
