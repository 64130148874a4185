import type { Release } from '@slipway/archive';
import type { Artifact, Context } from '@slipway/core';
import type { GateId, Override, Policy } from '@slipway/core/policy';
import type { Rating } from './osv/cvss.ts';

export const GATE_REPORT_MEDIA_TYPE = 'application/vnd.slipway.gate-report.v1+json';

/** A file that a verdict rests on, by digest: a database, an SBOM, a predecessor's tarball. */
export interface GateEvidence {
	readonly name: string;
	readonly digest: { readonly sha256: string };
}

/** Something a gate found. */
export interface GateFinding {
	/**
	 * What an override names, stable over releases: GHSA-…, a package, `<artifact name>:<path in it>`, a rule.
	 * Unique within the gate.
	 */
	readonly id: string;
	/** Other names under which an override may name it (CVE-…). */
	readonly aliases?: readonly string[] | undefined;
	/** `error` is held against the release as the policy's level of this gate says; `warning` and `note` are only told. */
	readonly severity: 'error' | 'warning' | 'note';
	/** How bad a vulnerability is, for lists that sort by it. */
	readonly rating?: Rating | undefined;
	/** One sentence: what was expected, what was found. Never a secret. Foreign text may stand in it: printers escape it. */
	readonly message: string;
	/** A path of the Release or the project, or `<artifact path>!/<path in it>`. */
	readonly where?: { readonly file: string; readonly line?: number | undefined } | undefined;
	/** What to do now. */
	readonly hint: string;
}

/** What a gate saw, before policy, overrides and emergencies are applied to it. */
export interface GateFindings {
	readonly findings: readonly GateFinding[];
	readonly evidence: readonly GateEvidence[];
	/** Seconds since the data was made that the verdict rests on; null where it does not age. */
	readonly dataAge: number | null;
	/** Why nothing was looked at (no predecessor, no data, nothing of that format); then there are no findings. */
	readonly skipped?: string | undefined;
}

/** A finding that was accepted, and on whose word. */
export type AppliedOverride = Omit<Override, 'gate' | 'finding' | 'date' | 'expires'> & {
	readonly kind: 'policy' | 'emergency';
	/** Id of the finding. */
	readonly finding: string;
	/** Of overrides in the policy; an emergency has none: it counts for this one run. */
	readonly date?: string | undefined;
	readonly expires?: string | undefined;
};

export interface GateVerdict {
	readonly id: GateId;
	readonly verdict: 'pass' | 'warn' | 'fail' | 'skipped';
	/** All of them, those that were overridden too. */
	readonly findings: readonly GateFinding[];
	readonly evidence: readonly GateEvidence[];
	/** Seconds, or null. */
	readonly dataAge: number | null;
	readonly overrides: readonly AppliedOverride[];
	/** Why it was skipped, which override was refused because it expired, …; for people. */
	readonly notes: readonly string[];
}

/** Somebody takes it upon themselves. Covers judgements only, never digests, signatures or what the bytes are. */
export interface Emergency {
	readonly by: string;
	readonly reason: string;
}

/** gate/report.json */
export interface GateReport {
	readonly mediaType: typeof GATE_REPORT_MEDIA_TYPE;
	readonly project: string;
	readonly version: string;
	/** sha256 of the policy's bytes; null: the built-in defaults. */
	readonly policy: { readonly sha256: string } | null;
	readonly emergency?: Emergency | undefined;
	/** In the order of GATE_IDS. */
	readonly verdicts: readonly GateVerdict[];
	readonly overall: 'pass' | 'warn' | 'fail';
}

/** An SBOM of the Release, as bytes. */
export interface SbomFile {
	/** Name of the artifact that it describes. */
	readonly artifact: string;
	/** In the Release, for example `sbom/greet-1.2.0.tgz.cdx.json`. */
	readonly path: string;
	readonly format: 'cyclonedx' | 'spdx';
	readonly bytes: Uint8Array;
	readonly digest: { readonly sha256: string };
	/** What the sbom package thinks of it; undefined where nobody asked. Of 10. */
	readonly quality?: { readonly score: number; readonly missing: readonly string[] } | undefined;
}

/** What users get of a package today: the version that its default pointer names. */
export interface PreviousVersion {
	readonly version: string;
	/** The published file, with its digest checked against the registry's. */
	readonly bytes: Uint8Array;
	/** Whether it was published with provenance, and by whom as far as that can be read without trusting it. */
	readonly provenance: { readonly attested: boolean; readonly builder?: string | undefined };
	/** For people: the registry's host, the repository's URL and suite. */
	readonly from: string;
}

/** What gates look at. Artifacts were hashed when `checkGates` began; gates read them with readArtifact again. */
export interface GateRequest {
	readonly release: Release;
	readonly policy: Policy;
	/** sha256 of the policy's bytes; undefined: the built-in defaults. */
	readonly policyDigest?: string | undefined;
	/** Bytes of the VEX documents that the policy names, by the path in it: from where the policy came from. */
	readonly documents: ReadonlyMap<string, Uint8Array>;
	readonly sboms: readonly SbomFile[];
	/** undefined: there is none; throws where the registry did not say. */
	readonly previous: (artifact: Artifact) => Promise<PreviousVersion | undefined>;
	/** Absolute folder of each npm package in the project by package name; empty where the project is not there. */
	readonly packageFolders: ReadonlyMap<string, string>;
	/** Unpacks one xz stream up to so many bytes; undefined: a .deb that is compressed so counts as unreadable. */
	readonly unxz?: ((bytes: Uint8Array, maxBytes: number) => Promise<Uint8Array>) | undefined;
	readonly emergency?: Emergency | undefined;
}

/** One thing that is looked at before bytes leave. Throws only for what is no finding (a cancelled run, a broken folder). */
export interface Gate {
	readonly id: GateId;
	check(request: GateRequest, context: Context): Promise<GateFindings>;
}
