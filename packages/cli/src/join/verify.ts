import type { Release } from '@slipway/archive';
import type { Context, StageName } from '@slipway/core';
import type { ReleaseVerification } from '@slipway/verify';
import { isWithoutIdentity } from './no-identity.ts';
import type { OpenedPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';
import { signStatements } from './sign.ts';
import { toVsaRequest } from './verify-folder.ts';
import { openProjectMeans } from './verify-means.ts';

/** What a Release of the project itself is checked as. */
export interface CheckOptions {
	readonly release: Release;
	readonly policy: OpenedPolicy;
	/** Stages that run just now, whose records are signed after this. */
	readonly unsigned?: readonly StageName[] | undefined;
}

/**
 * Verifies a Release where it leaves: every byte, signature and link, under the project's own policy. A summary of an
 * earlier check is left aside: a new one is made after this.
 * @throws SlipwayError VERIFY_*, RELEASE_*
 */
export const checkRelease = async (
	project: OpenProject,
	{ release, policy, unsigned = [] }: CheckOptions,
	context: Context,
): Promise<ReleaseVerification> => {
	const { verifyReleaseFolder } = await import('@slipway/verify');
	const { trust, revocations } = await openProjectMeans(project, policy, context);
	const expect = { project: project.project, version: release.manifest.version };
	return verifyReleaseFolder(release, {
		trust,
		policy,
		revocations,
		clock: context.clock,
		unsigned,
		ahead: ['publish'],
		summaries: 'skip',
		samePolicy: policy.policy.protected === 'required',
		expect,
	});
};

/**
 * Verifies a Release and leaves a signed summary of it, attestations/vsa.sigstore.json; only verifies where slipway.yml
 * has no `sign:`, or this job holds no identity that signs.
 * @throws as checkRelease, and SIGN_*
 */
export const signSummary = async (
	project: OpenProject,
	options: CheckOptions,
	context: Context,
): Promise<ReleaseVerification> => {
	const { toVsa } = await import('@slipway/verify');
	const verification = await checkRelease(project, { unsigned: ['plan', 'publish'], ...options }, context);
	const vsa = toVsa(verification, toVsaRequest(project.door.environment, options.policy.uri));
	const statements = Object.fromEntries(
		vsa.map((statement, index) => [index === 0 ? 'vsa' : `vsa-${index + 1}`, statement]),
	);
	try {
		await signStatements(project, { release: options.release, statements }, context);
	} catch (thrown) {
		if (!isWithoutIdentity(thrown)) throw thrown;
		context.log.warning(`no summary of the verification is left: ${thrown.message}`);
	}
	return verification;
};
