import { type Context, SlipwayError, toCanonicalJson } from '@slipway/core';
import type { PinnedPolicy } from '@slipway/core/policy';
import type { Trust, VerifiedAttestation } from '@slipway/verify';
import { openPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';
import { openSignTrust } from './sign-check.ts';
import { readSigner } from './sign-means.ts';
import { openProjectMeans } from './verify-means.ts';

interface Means {
	readonly policy: PinnedPolicy;
	readonly trust: Trust;
}

/** By the project's policy; without one by the issuer that vouches for this job too. undefined: nobody can tell. */
const openMeans = async (project: OpenProject, context: Context): Promise<Means | undefined> => {
	const policy = await openPolicy(project);
	if (policy && policy.policy.signers.length > 0) return openProjectMeans(project, policy, context);
	const { sign } = project.config;
	const signer = sign && (await readSigner(project, sign, context));
	return signer && openSignTrust(project, signer, context);
};

const isField = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/** What a provenance says of the build, without the run that said it. */
const toBuild = ({ statement, signer, certificate }: VerifiedAttestation): string => {
	const { predicate } = statement;
	const definition = isField(predicate) ? predicate.buildDefinition : undefined;
	const { buildType, externalParameters, resolvedDependencies } = isField(definition) ? definition : {};
	const { identity, issuer, key } = signer;
	const said = { buildType, externalParameters, resolvedDependencies };
	return toCanonicalJson(
		JSON.parse(
			JSON.stringify({
				...{ said, identity, issuer, key, commit: certificate?.sourceDigest ?? null },
				subject: statement.subject.map(({ name, digest }) => ({ name, digest })),
			}),
		),
	);
};

/**
 * Whether a provenance that a registry shows was made by an earlier attempt of this very release: about the same bytes, of
 * the same build, verified, and signed by whoever signed ours. Attempts sign each for itself; the bytes are the same.
 */
export const isEarlierProvenance = async (
	project: OpenProject,
	{ found, own }: { readonly found: Uint8Array; readonly own: Uint8Array },
	context: Context,
): Promise<boolean> => {
	try {
		const means = await openMeans(project, context);
		if (!means) return false;
		const { verifyBundle } = await import('@slipway/verify');
		const [theirs, ours] = [found, own].map((bundle) =>
			toBuild(verifyBundle(bundle, { ...means, kinds: ['provenance'], clock: context.clock })),
		);
		return theirs === ours;
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError)) throw thrown;
		context.log.info(`the published provenance is none of an earlier attempt: ${thrown.message}`);
		return false;
	}
};
