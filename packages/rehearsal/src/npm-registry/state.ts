import {
	type Attestation,
	makeRegistryKey,
	type ProvenanceTreatment,
	type RegistryKey,
} from './attestations.ts';
import type { FrontReply } from './exchange.ts';

export type Right = 'publish' | 'stage' | 'dist-tag' | 'deprecate';

/** What a token may do; the owner's own token is none of these and may do everything. */
export interface Grant {
	/** undefined: every package. */
	readonly name: string | undefined;
	readonly rights: readonly Right[];
	/** Changes it is still good for. */
	uses: number;
}

/** A trusted publisher's entry: who may exchange an ID token for a token of one package. */
export interface TrustedPublisher {
	readonly name: string;
	/** "owner/repo" */
	readonly repository: string;
	/** File name of the *calling* workflow, for example "release.yml". */
	readonly workflow: string;
	readonly environment?: string;
	readonly allow: readonly Right[];
}

/** A version that waits for a person's approval. */
export interface StagedVersion {
	readonly id: string;
	readonly packageName: string;
	readonly version: string;
	readonly tag: string;
	readonly createdAt: string;
	readonly shasum: string;
	/** The publish document as it was sent. */
	readonly document: Buffer;
}

/** Everything the front knows and Verdaccio does not. */
export interface FrontState {
	readonly grants: Map<string, Grant>;
	readonly trusted: TrustedPublisher[];
	readonly staged: Map<string, StagedVersion>;
	/** `name@version` to the time (ms) from which it can be read. */
	readonly scans: Map<string, number>;
	/** By name: the dist-tags as they were before a version that is being scanned; readers see these meanwhile. */
	readonly tagsBefore: Map<string, Readonly<Record<string, string>>>;
	/** `name@version` to what lies with it; never empty. */
	readonly attestations: Map<string, readonly Attestation[]>;
	readonly registryKey: RegistryKey;
	/** What becomes of provenance that comes from now on. */
	provenance: ProvenanceTreatment;
	/** Old packuments by name and kind, and how often they are still served. */
	readonly stale: Map<string, { reads: number; readonly full: FrontReply; readonly abbreviated: FrontReply }>;
	/** How long (ms) a version accepted from now on cannot be read; Infinity: for ever. */
	scanTime: number;
	/** Changes demand a one-time password. */
	otp: boolean;
	/** Changes that one exchanged token is good for. */
	exchangedTokenUses: number;
}

export const toState = (): FrontState => ({
	grants: new Map(),
	trusted: [],
	staged: new Map(),
	scans: new Map(),
	tagsBefore: new Map(),
	attestations: new Map(),
	registryKey: makeRegistryKey(),
	provenance: 'keep',
	stale: new Map(),
	scanTime: 0,
	otp: false,
	exchangedTokenUses: Number.POSITIVE_INFINITY,
});

export const toKey = (name: string, version: string): string => `${name}@${version}`;

export const isScanning = (state: FrontState, name: string, version: string, now: number): boolean =>
	(state.scans.get(toKey(name, version)) ?? 0) > now;
