import { readRelease } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { ReleaseVerification, VsaRequest } from '@slipway/verify';
import type { Door } from './project.ts';
import { TOOL } from './tool.ts';
import { openMeans, type TrustOptions, type VerifyMeans } from './verify-means.ts';

/** Who says that it verified: the workflow that runs, else nobody in particular. */
const toVerifierId = (environment: Door['environment']): string => {
	const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_WORKFLOW_REF: workflow } = environment;
	return workflow ? `${server}/${workflow}` : 'urn:slipway:verifier';
};

/** With what a summary says who verified, and by which policy. */
export const toVsaRequest = (
	environment: Door['environment'],
	policyUri: string | undefined,
): VsaRequest => ({
	verifier: { id: toVerifierId(environment), version: { [TOOL.name]: TOOL.version } },
	policyUri,
});

/** A Release folder that was verified, with what it was verified by. */
export interface VerifiedFolder {
	readonly kind: 'release';
	readonly folder: string;
	readonly means: VerifyMeans;
	readonly verification: ReleaseVerification;
	/** The summary as statements, not signed. */
	readonly vsa: readonly object[];
}

/**
 * Verifies a Release folder as anyone may who got it.
 * @throws SlipwayError VERIFY_*, RELEASE_*, MANIFEST_*, JSON_*, POLICY_*
 */
export const verifyFolder = async (
	door: Door,
	{ folder, ...options }: TrustOptions & { readonly folder: string },
	context: Context,
): Promise<VerifiedFolder> => {
	const release = await readRelease(folder);
	const means = await openMeans(door, options, context);
	const { toVsa, verifyReleaseFolder } = await import('@slipway/verify');
	const { trust, policy, revocations, policyUri } = means;
	const verification = await verifyReleaseFolder(release, {
		trust,
		policy,
		revocations,
		clock: context.clock,
	});
	const vsa = toVsa(verification, toVsaRequest(door.environment, policyUri));
	return { kind: 'release', folder, means, verification, vsa };
};
