import type { StageName } from '@slipway/core';
import type { Policy } from '@slipway/core/policy';
import type { BundleLink } from './bundles.ts';
import { isSubject } from './check-subjects.ts';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';
import type { ReleaseVerificationRequest } from './release-verification.ts';
import { supports } from './supports.ts';

interface Found {
	readonly records: readonly RecordLink[];
	readonly bundles: readonly BundleLink[];
}

const checkStages = ({ records }: Found, stages: readonly StageName[]): LinkProblem[] =>
	stages
		.filter((stage) => !records.some((record) => record.stage === stage))
		.map((stage) =>
			toProblem(
				'VERIFY_CHAIN_MISSING',
				`records/${stage}-*.json`,
				`the policy requires a record of ${stage}, found none`,
			),
		);

/** A revocation speaks of no artifact that is wanted, and a summary of checks cannot be asked for before it is made. */
const isAskedFor = (kind: string, ahead: readonly StageName[]): boolean =>
	kind !== 'revocation' && !(kind === 'vsa' && ahead.length > 0);

const checkAttestations = (
	evidence: Evidence,
	{ bundles }: Found,
	kinds: Policy['require']['attestations'],
): LinkProblem[] =>
	evidence.manifest.artifacts.flatMap((artifact) => {
		const digest = evidence.files.get(artifact.path)?.digest;
		const carries = (kind: string): boolean =>
			bundles.some(
				(bundle) =>
					bundle.kind === kind &&
					supports(bundle.attestation) &&
					digest !== undefined &&
					bundle.attestation.statement.subject.some((subject) => isSubject(subject, digest)),
			);
		return kinds
			.filter((kind) => !carries(kind))
			.map((kind) =>
				toProblem(
					'VERIFY_CHAIN_MISSING',
					artifact.path,
					`the policy requires an attestation of kind ${kind}, found none`,
				),
			);
	});

/** What the policy requires by now is there: records of stages that are not `ahead`, and attestations of every artifact. */
export const checkRequired = (
	evidence: Evidence,
	found: Found,
	{ policy: { policy }, ahead = [] }: Pick<ReleaseVerificationRequest, 'policy' | 'ahead'>,
): LinkProblem[] => [
	...checkStages(
		found,
		policy.require.stages.filter((stage) => !ahead.includes(stage)),
	),
	...checkAttestations(
		evidence,
		found,
		policy.require.attestations.filter((kind) => isAskedFor(kind, ahead)),
	),
];
