import type { Release } from '@slipway/archive';
import { checkVsas } from '../vsa/check-vsa.ts';
import { type BundleLink, verifyBundles } from './bundles.ts';
import { checkFollows } from './check-follows.ts';
import { checkGate } from './check-gate.ts';
import { checkMaterials } from './check-materials.ts';
import { checkArtifacts, checkPlaces } from './check-places.ts';
import { checkProvenance } from './check-provenance.ts';
import { checkRecordSignatures } from './check-record-signatures.ts';
import { checkReproduction } from './check-reproduction.ts';
import { checkRequired } from './check-required.ts';
import { checkSboms } from './check-sboms.ts';
import { checkSigning } from './check-signing.ts';
import { checkSubjects } from './check-subjects.ts';
import { checkSums } from './check-sums.ts';
import { checkTimes } from './check-times.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import { type LinkProblem, toChainError, toProblem } from './problem.ts';
import { type RecordLink, readRecords } from './records.ts';
import type { ReleaseVerification, ReleaseVerificationRequest } from './release-verification.ts';
import { toVerification } from './to-verification.ts';

/** What was read and verified one by one, before it is held together. */
export interface Chain {
	readonly evidence: Evidence;
	readonly records: readonly RecordLink[];
	readonly bundles: readonly BundleLink[];
}

const checkExpected = (
	{ manifest }: Evidence,
	{ expect = {} }: ReleaseVerificationRequest,
): LinkProblem[] => {
	const { project = manifest.project, version = manifest.version } = expect;
	return project === manifest.project && version === manifest.version
		? []
		: [
				toProblem(
					'VERIFY_CHAIN_MISMATCH',
					'manifest.json',
					`expected ${project} ${version}, got ${manifest.project} ${manifest.version}`,
				),
			];
};

/** Every check of a whole Release, from its bytes to what they were made of. */
const checkChain = (
	{ evidence, records, bundles }: Chain,
	request: ReleaseVerificationRequest,
): LinkProblem[] => [
	...checkExpected(evidence, request),
	...checkArtifacts(evidence),
	...checkPlaces(evidence, records),
	...checkRecordSignatures(records, bundles, request.unsigned ?? []),
	...checkSums(
		evidence,
		records,
		bundles.some(({ role }) => role === 'release'),
	),
	...checkSubjects(evidence, bundles),
	...checkSboms(evidence, bundles),
	...checkSigning(evidence, { records, bundles }),
	...checkFollows(evidence, records),
	...checkMaterials({ evidence, records }),
	...checkTimes(records, request.clock),
	...checkProvenance(evidence, bundles),
	...checkReproduction(records, bundles),
	...checkGate(evidence, records, request.samePolicy ? request.policy : undefined),
	...(request.summaries === 'skip' ? [] : checkVsas(evidence, bundles, request.clock)),
	...checkRequired(evidence, { records, bundles }, request),
];

/** Two checks may meet the same broken link; one line tells it. */
const toDistinct = (problems: readonly LinkProblem[]): LinkProblem[] => [
	...new Map(problems.map((problem) => [problem.message, problem])).values(),
];

/** A Release whose chain was checked, or every link of it that is broken. */
export type ReleaseVerdict =
	| { readonly ok: true; readonly verification: ReleaseVerification }
	| { readonly ok: false; readonly problems: readonly LinkProblem[] };

/**
 * Checks a Release folder as a whole: every byte hashed again, every attestation verified under the policy, every SBOM
 * bound to its artifact, and the chain of signed stage records from build to publish without a gap. Works offline.
 */
export const checkReleaseFolder = async (
	release: Release,
	request: ReleaseVerificationRequest,
): Promise<ReleaseVerdict> => {
	const evidence = await readEvidence(release);
	const read = readRecords(evidence);
	const { trust, policy, clock, revocations } = request;
	const verified = verifyBundles(evidence, { trust, policy, clock, ...(revocations && { revocations }) });
	const chain = { evidence, records: read.records, bundles: verified.bundles };
	const problems = toDistinct([
		...evidence.problems,
		...read.problems,
		...verified.problems,
		...checkChain(chain, request),
	]);
	return problems.length > 0
		? { ok: false, problems }
		: { ok: true, verification: toVerification(chain, request) };
};

/**
 * As checkReleaseFolder, but throws when any link is broken; the message names every one.
 * @throws SlipwayError VERIFY_CHAIN_*
 */
export const verifyReleaseFolder = async (
	release: Release,
	request: ReleaseVerificationRequest,
): Promise<ReleaseVerification> => {
	const verdict = await checkReleaseFolder(release, request);
	if (verdict.ok) return verdict.verification;
	throw toChainError(verdict.problems);
};
