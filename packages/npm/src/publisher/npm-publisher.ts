import { type Artifact, PUBLISHER_CONTRACT, type Publisher, trimEndOf } from '@slipway/core';
import type { NpmTarget } from '@slipway/core/config';
import type { NpmCode } from '../code.ts';
import type { NpmCredentials } from '../config/credentials.ts';
import type { Environment } from '../config/npmrc.ts';
import { parseOwnProvenance } from '../provenance/own-provenance.ts';
import { createRegistry } from '../registry/registry.ts';
import { expose } from './expose.ts';
import { preflightRecorded } from './preflight-recorded.ts';
import { preflightRecover } from './preflight-recover.ts';
import { preflightRelease } from './preflight-release.ts';
import { probe } from './probe.ts';
import type { Target } from './target.ts';
import { upload } from './upload.ts';
import { verify } from './verify.ts';
import { withdraw } from './withdraw.ts';

export interface NpmPublisherOptions {
	/** The target's id in slipway.yml. */
	readonly id: string;
	readonly target: Pick<NpmTarget, 'mode' | 'access'>;
	/** Registry address, with or without a final slash. */
	readonly registry: string;
	readonly credentials: NpmCredentials;
	/** The bytes of an artifact; they are compared with its digest once more. */
	readonly readArtifact: (artifact: Artifact) => Promise<Uint8Array>;
	/**
	 * False for a job that only plans, and leaves publishing to another one: credentials that are missing here are a
	 * warning then. Default true.
	 */
	readonly needsCredentials?: boolean;
	/** Names of the project's packages, for a rollback without a record. Default: none. */
	readonly packages?: readonly string[];
	/**
	 * `sign.provenance` of slipway.yml: whether versions are published with the release's own provenance, with whatever
	 * the registry attests by itself, or without. Default: own.
	 */
	readonly provenanceMode?: Target['provenanceMode'];
	/**
	 * A Sigstore bundle (JSON text) about exactly this artifact, to be published with it in mode own; undefined where the
	 * release was not signed. Default: none.
	 */
	readonly provenance?: (artifact: Artifact) => Promise<string | undefined>;
	/**
	 * Whether a provenance that the registry shows (a Sigstore bundle as JSON in UTF-8) was made by an earlier attempt of
	 * this very release, which signed for itself; it has to verify it. Default: no.
	 */
	readonly isEarlierProvenance?: Target['isEarlierProvenance'];
	/** How long (ms) an accepted version may stay unseen: the registry's scan. Default 30 min. */
	readonly visibleWithin?: number;
	/** Of one request (ms), from send to the last byte. Default 60 s for reads, 5 min for changes. */
	readonly timeoutMs?: number;
	/** Where the real client is looked for, and its proxy settings. Default: this process's. */
	readonly environment?: Environment;
}

/** A version, tag or attestation that is not shown yet, and a client or registry that cannot be reached just now. */
const TRANSIENT: readonly NpmCode[] = [
	'NPM_NOT_VISIBLE',
	'NPM_POINTER_WRONG',
	'NPM_CLIENT_FAILED',
	'NPM_REGISTRY_UNREACHABLE',
	'NPM_PROVENANCE_MISSING',
	'NPM_REPLY_LOST',
];

const SCAN_MS = 30 * 60 * 1000;

const toOwnProvenance =
	({ provenanceMode = 'own', provenance }: NpmPublisherOptions): Target['provenance'] =>
	async (artifact) => {
		const text = provenanceMode === 'own' ? await provenance?.(artifact) : undefined;
		return text === undefined ? undefined : parseOwnProvenance(text, artifact);
	};

const toTarget = (options: NpmPublisherOptions): Target => ({
	id: options.id,
	registry: createRegistry(`${trimEndOf(options.registry, '/')}/`, options.timeoutMs),
	credentials: options.credentials,
	mode: options.target.mode,
	access: options.target.access,
	readArtifact: options.readArtifact,
	provenanceMode: options.provenanceMode ?? 'own',
	provenance: toOwnProvenance(options),
	isEarlierProvenance: options.isEarlierProvenance ?? (async () => false),
	needsCredentials: options.needsCredentials ?? true,
	packages: options.packages ?? [],
	environment: options.environment ?? process.env,
	acknowledged: new Map(),
});

/**
 * Publishes to an npm registry over its own protocol. A pointer is one dist-tag of one package; a version lies under
 * the hidden dist-tag `slipway-<version>` (or staged) until it is exposed. No write is ever repeated by itself.
 * @throws SlipwayError HTTP_ORIGIN_INVALID
 */
export const npmPublisher = (options: NpmPublisherOptions): Publisher => {
	const target = toTarget(options);
	return {
		contract: PUBLISHER_CONTRACT,
		id: options.id,
		description: `npm registry ${target.registry.url}`,
		traits: {
			hides: true,
			undo: 'pointer',
			seals: false,
			visibleWithin: options.visibleWithin ?? SCAN_MS,
			safeProbe: true,
			batch: 'each',
		},
		transient: TRANSIENT,
		preflight: (request, context) => {
			if (request.operation === 'release') return preflightRelease(target, request, context);
			if (request.operation === 'recover') return preflightRecover(target, request, context);
			return preflightRecorded(target, request, context);
		},
		probe: (artifact, context) => probe(target, artifact, context),
		upload: (artifact, subject, change) => upload(target, artifact, { subject, change }),
		expose: (subjects, change) => expose(target, subjects, change),
		verify: (subjects, state, context) => verify(target, subjects, { state, context }),
		withdraw: (subjects, from, change) => withdraw(target, subjects, { from, change }),
	};
};
