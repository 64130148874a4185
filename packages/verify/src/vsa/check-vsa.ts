import type { Clock } from '@slipway/core';
import * as v from 'valibot';
import { toBuildLevel } from '../chain/build-level.ts';
import type { BundleLink } from '../chain/bundles.ts';
import type { Evidence } from '../chain/evidence.ts';
import { type LinkProblem, toProblem } from '../chain/problem.ts';
import { toClaimedLevel, Vsa } from './vsa.ts';

const SKEW_MS = 5 * 60_000;

interface Context {
	readonly evidence: Evidence;
	readonly bundles: readonly BundleLink[];
	readonly now: number;
}

/** It was made of the attestations that lie here, and says no more than they show. */
const findProblem = (summary: Vsa, { evidence, bundles, now }: Context): string | undefined => {
	const digests = new Set(bundles.map(({ attestation }) => attestation.bundleDigest));
	const foreign = summary.inputAttestations.find(({ digest }) => !digests.has(digest.sha256 ?? ''));
	if (summary.verificationResult !== 'PASSED') return 'says that verification failed';
	if (summary.inputAttestations.length === 0) return 'names no attestation that it rests on';
	if (foreign)
		return `rests on ${JSON.stringify((foreign.uri ?? '').slice(0, 200))} with a digest that no attestation here has`;
	const level = toBuildLevel(evidence, bundles);
	if (toClaimedLevel(summary) > level)
		return `claims SLSA build level ${toClaimedLevel(summary)}, but the provenance shows ${level}`;
	return Date.parse(summary.timeVerified) > now + SKEW_MS
		? `was made at ${summary.timeVerified}, in the future`
		: undefined;
};

/** Summaries of earlier verifications that lie in a Release hold for the Release as it is now. */
export const checkVsas = (
	evidence: Evidence,
	bundles: readonly BundleLink[],
	clock: Pick<Clock, 'now'>,
): LinkProblem[] =>
	bundles
		.filter(({ role }) => role === 'vsa')
		.flatMap(({ path, attestation }) => {
			const parsed = v.safeParse(Vsa, attestation.statement.predicate);
			const context = { evidence, bundles, now: clock.now() };
			const problem = parsed.success
				? findProblem(parsed.output, context)
				: 'is no verification summary of version 1';
			return problem === undefined ? [] : [toProblem('VERIFY_CHAIN_MISMATCH', path, problem)];
		});
