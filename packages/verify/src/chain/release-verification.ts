import type { Clock, Source, StageName, StageRecord } from '@slipway/core';
import type { PredicateKind } from '@slipway/core/attestation';
import type { PinnedPolicy } from '@slipway/core/policy';
import type { CertificateClaims, VerifiedSigner } from '../attestation.ts';
import type { RevocationNotice } from '../revocation.ts';
import type { Trust, TrustAge, TrustSource } from '../trust/trust.ts';

/** What a Release is held against. */
export interface ReleaseVerificationRequest {
	readonly trust: Trust;
	readonly policy: PinnedPolicy;
	readonly clock: Pick<Clock, 'now'>;
	/** Notices that were verified before. */
	readonly revocations?: readonly RevocationNotice[];
	/** Stages that run on this machine just now, whose records are signed after this check. Default: none. */
	readonly unsigned?: readonly StageName[];
	/** Stages that come after this check: the policy demands their records, and any summary, only later. Default: none. */
	readonly ahead?: readonly StageName[];
	/** The gate must have run under this very policy: where the release leaves, not where it is used. Default: any policy. */
	readonly samePolicy?: boolean;
	/** `skip`: a summary of an earlier check in the folder is not looked at, since a new one will take its place. Default: check. */
	readonly summaries?: 'check' | 'skip';
	/** What this Release has to be. */
	readonly expect?: { readonly project?: string | undefined; readonly version?: string | undefined };
}

/** One signature that was used: its bundle, by path and digest, and who made it, when and where from. */
export interface VerifiedLink {
	readonly path: string;
	/** Of the bundle's bytes. */
	readonly sha256: string;
	/** Undefined for a predicate that is none of ours. */
	readonly kind: PredicateKind | undefined;
	readonly signer: VerifiedSigner;
	/** Null where nothing proves a time (a key without a timestamp). */
	readonly signedAt: Date | null;
	readonly logs: readonly string[];
	readonly certificate: CertificateClaims | null;
}

export interface VerifiedArtifact {
	readonly name: string;
	readonly path: string;
	readonly purl: string;
	readonly size: number;
	readonly sha256: string;
	readonly sha512: string;
	/** Paths of the bundles that speak of it, records of stages apart. */
	readonly attestations: readonly string[];
}

export interface VerifiedStage {
	readonly stage: StageName;
	/** Path of its record. */
	readonly path: string;
	readonly sha256: string;
	readonly tool: StageRecord['tool'];
	readonly platform: StageRecord['platform'];
	readonly start: string;
	readonly end: string;
	readonly inputs: number;
	readonly outputs: number;
	/** Paths of the records that it names. */
	readonly follows: readonly string[];
	/** Path of its bundle; null for one that is signed later. */
	readonly signature: string | null;
}

/** A Release whose every link was checked. */
export interface ReleaseVerification {
	readonly project: string;
	readonly version: string;
	readonly source: Source;
	/** Of manifest.json. */
	readonly manifest: { readonly sha256: string };
	readonly policy: { readonly sha256: string; readonly from: string };
	/** The policy under which the gate ran; null: built-in defaults, or no gate. */
	readonly gatePolicy: { readonly sha256: string; readonly isSame: boolean } | null;
	readonly trust: { readonly source: TrustSource; readonly age: TrustAge };
	readonly artifacts: readonly VerifiedArtifact[];
	readonly stages: readonly VerifiedStage[];
	readonly attestations: readonly VerifiedLink[];
	/** SLSA build level that the provenance shows, for all artifacts together. */
	readonly buildLevel: 0 | 1 | 2;
	readonly verifiedAt: Date;
}
