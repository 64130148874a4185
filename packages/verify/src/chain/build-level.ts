import * as v from 'valibot';
import type { BundleLink } from './bundles.ts';
import type { Evidence } from './evidence.ts';

const GITHUB_ISSUER = /^https:\/\/token\.actions\.githubusercontent\.com(?:\/|$)/;

const Built = v.object({ runDetails: v.object({ builder: v.object({ id: v.string() }) }) });

/** A builder that the statement itself does not call a platform: whoever built held what signs, or was no platform. */
const LOCAL_BUILDER = /^urn:slipway:builder:local$/;

const namesPlatform = (predicate: unknown): boolean => {
	const parsed = v.safeParse(Built, predicate);
	return parsed.success && !LOCAL_BUILDER.test(parsed.output.runDetails.builder.id);
};

/**
 * SLSA v1.2, build track: level 1 is provenance that exists; level 2 is provenance that a hosted platform signed, which the
 * certificate shows. Level 3 needs the platform to keep the signing secret from the build, and no certificate shows that:
 * it is never claimed here.
 */
const toLevel = ({ attestation }: BundleLink): 1 | 2 => {
	const { certificate, signer } = attestation;
	const isHosted =
		certificate?.runnerEnvironment === 'github-hosted' && GITHUB_ISSUER.test(signer.issuer ?? '');
	return isHosted && namesPlatform(attestation.statement.predicate) ? 2 : 1;
};

/** The lowest level that all artifacts of a Release reach. */
export const toBuildLevel = ({ manifest }: Evidence, bundles: readonly BundleLink[]): 0 | 1 | 2 => {
	const levels = manifest.artifacts.map(({ name }) => {
		const own = bundles.filter(
			({ role, attestation }) =>
				role === 'provenance' && attestation.statement.subject.some((subject) => subject.name === name),
		);
		return own.length === 0 ? 0 : Math.max(...own.map(toLevel));
	});
	return Math.min(2, ...levels) as 0 | 1 | 2;
};
