/**
 * Predicate types by the short names that policies, messages and file names use. The in-toto and SLSA ones are their
 * projects'; `stage` and `revocation` are ours and described in docs/reference/predicates.md.
 */
export const PREDICATE_TYPES = {
	provenance: 'https://slsa.dev/provenance/v1',
	'sbom-cyclonedx': 'https://cyclonedx.org/bom',
	'sbom-spdx': 'https://spdx.dev/Document/v2.3',
	stage: 'urn:slipway:attestation:stage-record:v1',
	'test-result': 'https://in-toto.io/attestation/test-result/v0.1',
	release: 'https://in-toto.io/attestation/release/v0.2',
	vsa: 'https://slsa.dev/verification_summary/v1',
	revocation: 'urn:slipway:attestation:revocation:v1',
} as const;

export type PredicateKind = keyof typeof PREDICATE_TYPES;

export const PREDICATE_KINDS = Object.keys(PREDICATE_TYPES) as readonly PredicateKind[];

/** The short name of a predicate type; undefined for one that is not among ours. */
export const findPredicateKind = (predicateType: string): PredicateKind | undefined =>
	PREDICATE_KINDS.find((kind) => PREDICATE_TYPES[kind] === predicateType);
