import type { ServiceChoice } from '../sigstore/trust.ts';

/** What stands in a statement, by the names of the issue that it answers: what was built, from what, tested how. */
export const STATEMENT_KINDS = [
	'provenance',
	'npm provenance',
	'sbom-cyclonedx',
	'sbom-spdx',
	'stage',
	'test-result',
	'release',
	'vsa',
	'revocation',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** Who signs: whoever the token names, by a certificate of some minutes; or the owner of a key. */
export const SIGNERS = ['keyless', 'P-256', 'RSA-3072', 'ed25519'] as const;
export type SignerKind = (typeof SIGNERS)[number];

/** Who else saw the signature. */
export const WITNESSES = ['Rekor v1 + TSA', 'Rekor v2 + TSA', 'TSA', 'nobody'] as const;
export type Witnesses = (typeof WITNESSES)[number];

export interface BundleKind {
	readonly signer: SignerKind;
	readonly witnesses: Witnesses;
}

const isPossible = ({ signer, witnesses }: BundleKind): boolean =>
	!(signer === 'keyless' && witnesses === 'nobody') &&
	!(signer === 'ed25519' && witnesses === 'Rekor v2 + TSA');

/**
 * Every kind of bundle that can be made. A certificate is worth nothing without a time, and Rekor v2 takes no pure
 * ed25519 signature: it logs a digest (hashedrekord), and ed25519 signs no digest.
 */
export const BUNDLE_KINDS: readonly BundleKind[] = SIGNERS.flatMap((signer) =>
	WITNESSES.map((witnesses) => ({ signer, witnesses })),
).filter(isPossible);

export const toServiceChoice = ({ witnesses }: BundleKind): ServiceChoice => ({
	log: witnesses === 'Rekor v1 + TSA' ? 'rekor1' : witnesses === 'Rekor v2 + TSA' ? 'rekor2' : 'none',
	timestamps: witnesses !== 'nobody',
});

export const isKeyless = ({ signer }: BundleKind): boolean => signer === 'keyless';
export const hasLog = (kind: BundleKind): boolean => toServiceChoice(kind).log !== 'none';
export const hasTimestamp = (kind: BundleKind): boolean => toServiceChoice(kind).timestamps;

export const toRow = ({ signer, witnesses }: BundleKind): string => `${signer}, ${witnesses}`;
