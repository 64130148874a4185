import type { Clock } from '@slipway/core';
import type { PredicateKind, Statement } from '@slipway/core/attestation';
import type { PinnedPolicy } from '@slipway/core/policy';
import type { RevocationNotice } from './revocation.ts';
import type { Trust } from './trust/trust.ts';

/** What to hold a bundle against. */
export interface BundleRequest {
	readonly trust: Trust;
	readonly policy: PinnedPolicy;
	/**
	 * The file that the statement must speak of, by lower-case hexadecimal digests: at least one is in both, and none of
	 * those in both differs. A notice that revokes the file by any of them holds. Give all that are known.
	 */
	readonly subject?: SubjectDigest;
	/** Predicates that are acceptable here. Default: all that the signer may sign. */
	readonly kinds?: readonly PredicateKind[];
	/** Notices that were verified before, by `openRevocations`. */
	readonly revocations?: readonly RevocationNotice[];
	/** The time at which a signature without any proven time is judged. */
	readonly clock: Pick<Clock, 'now'>;
}

export interface SubjectDigest {
	readonly sha256?: string | undefined;
	readonly sha512?: string | undefined;
}

/** One entry in a transparency log that was checked: inclusion, the log's signature, and that it is this signature. */
export interface LogEntry {
	/** Where the log was, as the trusted root says. */
	readonly url: string;
	readonly logIndex: string;
	/** Null for a log that promises no time (Rekor v2). */
	readonly integratedAt: Date | null;
}

/** What the signing certificate says about the run that asked for it (Fulcio's extensions 1.3.6.1.4.1.57264.1.8 to .22). */
export interface CertificateClaims {
	readonly issuer?: string;
	/** Workflow file that signed, with @ref (.9, build signer URI), and its commit (.10). */
	readonly workflow?: string;
	readonly workflowDigest?: string;
	readonly runnerEnvironment?: string;
	readonly sourceRepository?: string;
	readonly sourceDigest?: string;
	readonly sourceRef?: string;
	readonly sourceRepositoryId?: string;
	readonly sourceOwner?: string;
	readonly sourceOwnerId?: string;
	/** Workflow file that was called first (.18, build config URI), and its commit (.19). */
	readonly callingWorkflow?: string;
	readonly callingWorkflowDigest?: string;
	/** What started the run (.20). */
	readonly event?: string;
	readonly runUrl?: string;
	readonly sourceVisibility?: string;
}

/** Who signed: the entry of the policy that matched, and what the signature itself shows. */
export interface VerifiedSigner {
	readonly name: string;
	/** Subject alternative name of the certificate; null for a key. */
	readonly identity: string | null;
	readonly issuer: string | null;
	/** SHA-256 of the key's SubjectPublicKeyInfo, hexadecimal; null for a certificate. */
	readonly key: string | null;
}

/** A statement whose signature, time, witnesses and signer were all checked against one policy. */
export interface VerifiedAttestation {
	readonly kind: PredicateKind | undefined;
	readonly statement: Statement;
	readonly signer: VerifiedSigner;
	/** The earliest proven time of signing; null where nothing proves one. */
	readonly signedAt: Date | null;
	readonly logs: readonly LogEntry[];
	/** Times that timestamp authorities signed. */
	readonly timestamps: readonly Date[];
	readonly certificate: CertificateClaims | null;
	/** SHA-256 of the bundle's bytes, hexadecimal. */
	readonly bundleDigest: string;
}
