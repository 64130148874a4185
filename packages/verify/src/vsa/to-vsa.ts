import { toPurl } from '@slipway/core';
import { MAX_SUBJECTS, PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import type { ReleaseVerification, VerifiedArtifact } from '../chain/release-verification.ts';
import type { Vsa } from './vsa.ts';

export interface VsaRequest {
	/** Who checked: a URI, for a workflow its URL with @ref. And with what: names of tools to their versions. */
	readonly verifier: { readonly id: string; readonly version: Readonly<Record<string, string>> };
	/** Where the policy can be read. Left out of the summary where nobody knows. */
	readonly policyUri?: string | undefined;
}

const SLSA_VERSION = '1.2';

/** One artifact is named by its package URL; several by the release that they are. */
const toResourceUri = ({ artifacts, project, version }: ReleaseVerification): string => {
	const [only, ...more] = artifacts;
	return only && more.length === 0 ? only.purl : toPurl({ type: 'generic', name: project, version });
};

const toPredicate = (verification: ReleaseVerification, { verifier, policyUri }: VsaRequest): Vsa => ({
	verifier: { id: verifier.id, version: { ...verifier.version } },
	timeVerified: verification.verifiedAt.toISOString(),
	resourceUri: toResourceUri(verification),
	policy: {
		...(policyUri !== undefined && { uri: policyUri }),
		digest: { sha256: verification.policy.sha256 },
	},
	inputAttestations: verification.attestations
		.filter(({ kind }) => kind !== 'vsa')
		.map(({ path, sha256 }) => ({ uri: path, digest: { sha256 } })),
	verificationResult: 'PASSED',
	verifiedLevels: [`SLSA_BUILD_LEVEL_${verification.buildLevel}`],
	slsaVersion: SLSA_VERSION,
});

const toSubject = ({ name, sha256, sha512 }: VerifiedArtifact) => ({ name, digest: { sha256, sha512 } });

/**
 * The summary of a verification that passed, as statements to sign: one, or as many as its artifacts need (1,024 subjects
 * each). It claims the build level that provenance showed, never more.
 */
export const toVsa = (
	verification: ReleaseVerification,
	request: VsaRequest,
): readonly [Statement<Vsa>, ...Statement<Vsa>[]] => {
	const predicate = toPredicate(verification, request);
	const subjects = verification.artifacts.map(toSubject);
	const toOne = (start: number) =>
		toStatement(PREDICATE_TYPES.vsa, subjects.slice(start, start + MAX_SUBJECTS), predicate);
	const rest: Statement<Vsa>[] = [];
	for (let start = MAX_SUBJECTS; start < subjects.length; start += MAX_SUBJECTS) rest.push(toOne(start));
	return [toOne(0), ...rest];
};
