import { type Release, readRelease, verifyRelease as verifyBytes } from '@slipway/archive';
import { type Context, type Finding, SlipwayError } from '@slipway/core';
import { type Boundary, findPlanDifferences } from '@slipway/release';
import { checkBranch } from './branch.ts';
import { isBuilt } from './build.ts';
import { recheckProject } from './gate-recheck.ts';
import { type OpenedPolicy, openPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';
import { checkRunRef } from './protected-run.ts';
import { leavePlanRecord } from './stage-records.ts';
import { checkTag } from './tag.ts';
import { checkRelease, signSummary } from './verify.ts';

/** What each look at the boundary works with. */
interface Look {
	readonly project: OpenProject;
	readonly policy: OpenedPolicy | undefined;
	readonly adopted: Parameters<Boundary>[1];
	readonly context: Context;
}

const toFinding = (thrown: SlipwayError): Finding => ({
	severity: 'error',
	code: thrown.code,
	message: thrown.message,
	hint: thrown.hint,
});

/** What a check refuses is a finding; anything else is no verdict. */
const toFindings = async (check: Promise<readonly Finding[]>): Promise<readonly Finding[]> =>
	check.catch((thrown: unknown) => {
		if (thrown instanceof SlipwayError) return [toFinding(thrown)];
		throw thrown;
	});

const hasSigners = ({ policy }: Look): boolean => (policy?.policy.signers.length ?? 0) > 0;

/** The Release of the plan. Another one that lies there by now is neither looked at nor written into. */
const findPlanned = async ({ project, adopted: { plan } }: Look): Promise<Release | undefined> => {
	if (!(await isBuilt(project))) return undefined;
	const release = await readRelease(project.releaseFolder);
	const { manifest } = release;
	const isPlanned =
		manifest.project === plan.project &&
		manifest.version === plan.version &&
		findPlanDifferences(plan, manifest).length === 0;
	return isPlanned ? release : undefined;
};

/** The bytes stay with whoever built; a release that is only gone on with may have them nowhere. */
const checkAbsent = (look: Look): Finding[] =>
	hasSigners(look)
		? [
				{
					severity: 'error',
					code: 'RELEASE_MANIFEST_MISSING',
					message: `the policy wants the release verified here, but the Release that was planned does not lie in ${look.project.releaseFolder}`,
					hint: `Name the Release folder of ${look.adopted.plan.version} with --release: get it from where it was built.`,
				},
			]
		: [];

/** The policy is protected by its branch and may have changed for a good reason; it never changes unseen, nor goes. */
const checkPolicy = ({ policy, adopted }: Look): Finding[] => {
	const findings = policy?.findings.slice() ?? [];
	const planned = adopted.plan.evidence.policy;
	if (planned?.sha256 === policy?.digest.sha256) return findings;
	return [
		...findings,
		{
			severity: policy ? 'warning' : 'error',
			code: 'POLICY_CHANGED',
			message: `planned under policy ${planned?.sha256.slice(0, 12) ?? 'none'}, verified here under ${policy?.digest.sha256.slice(0, 12) ?? 'none'}`,
			hint: policy
				? 'Look at what changed in the policy since the plan was made.'
				: 'Release from where the policy can be read: nothing would be verified without it.',
		},
	];
};

const checkSignatures = async (look: Look, release: Release): Promise<readonly Finding[]> => {
	const { project, policy, context } = look;
	if (!policy || !hasSigners(look)) {
		context.log.info('no policy names signers: signatures are not checked here');
		return [];
	}
	await checkRelease(project, { release, policy, unsigned: ['plan', 'publish'] }, context);
	return [];
};

const lookBeforeUpload = async (look: Look, release: Release): Promise<readonly Finding[]> => {
	const { project, policy, adopted, context } = look;
	await leavePlanRecord(project, { release, releaseId: adopted.releaseId }, context);
	if (!policy || !hasSigners(look)) return checkSignatures(look, release);
	await signSummary(project, { release, policy }, context);
	return [];
};

const lookBeforeExposing = async (look: Look, release: Release): Promise<readonly Finding[]> => {
	const { project, policy, adopted, context } = look;
	// The job that exposes may hold a copy of the Release that no publishing job has touched.
	await leavePlanRecord(project, { release, releaseId: adopted.releaseId }, context);
	const aged = await recheckProject(project, { release, policy }, context);
	return [...aged, ...(await checkSignatures(look, release))];
};

/**
 * The look at a Release on the machine that publishes it: every byte hashed, every signature and link verified under the
 * policy, and, before anything is exposed, what ages asked for again.
 */
export const toBoundary =
	(project: OpenProject): Boundary =>
	async (moment, adopted, context) => {
		const look: Look = { project, policy: await openPolicy(project), adopted, context };
		const { plan } = adopted;
		const early = [
			...checkPolicy(look),
			...checkRunRef(project, look.policy),
			...(await checkTag(project, plan, context)),
			...(await checkBranch(project, { policy: look.policy, commit: plan.source.commit }, context)),
		];
		const check = async (): Promise<readonly Finding[]> => {
			const release = await findPlanned(look);
			if (!release) return checkAbsent(look);
			await verifyBytes(release);
			return moment === 'upload' ? lookBeforeUpload(look, release) : lookBeforeExposing(look, release);
		};
		return [...early, ...(await toFindings(check()))];
	};
