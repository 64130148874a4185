import { record } from '@slipway/core';
import * as v from 'valibot';

const Digests = record(v.string(), v.string());
const Reference = v.object({ uri: v.optional(v.string()), digest: v.optional(Digests) });

/**
 * Predicate of a SLSA verification summary, version 1 (slsa.dev/verification_summary/v1): who checked what, when, under
 * which policy, and on the strength of which attestations.
 */
export const Vsa = v.object({
	verifier: v.object({ id: v.string(), version: v.optional(record(v.string(), v.string())) }),
	timeVerified: v.pipe(v.string(), v.isoTimestamp()),
	resourceUri: v.string(),
	policy: Reference,
	inputAttestations: v.optional(v.array(v.object({ uri: v.optional(v.string()), digest: Digests })), []),
	verificationResult: v.picklist(['PASSED', 'FAILED']),
	verifiedLevels: v.array(v.string()),
	slsaVersion: v.optional(v.string()),
});
export type Vsa = v.InferOutput<typeof Vsa>;

const BUILD_LEVEL = /^SLSA_BUILD_LEVEL_(\d)$/;

/** The highest SLSA build level that a summary claims; 0 where it claims none. */
export const toClaimedLevel = ({ verifiedLevels }: Vsa): number =>
	Math.max(0, ...verifiedLevels.map((level) => Number(BUILD_LEVEL.exec(level)?.[1] ?? 0)));
