import { type Artifact, PUBLISHER_CONTRACT, type Publisher, type Source } from '@slipway/core';
import type { GithubTarget } from '@slipway/core/config';
import type { Signer } from '../notes/sections.ts';
import type { ReleaseFile } from '../release/asset-file.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { TRANSIENT } from './errors.ts';
import { expose } from './expose.ts';
import { preflightRecorded } from './preflight-recorded.ts';
import { preflightRecover } from './preflight-recover.ts';
import { preflightRelease } from './preflight-release.ts';
import { probe } from './probe.ts';
import type { Target } from './target.ts';
import { upload } from './upload.ts';
import { verify } from './verify.ts';
import { withdraw } from './withdraw.ts';

export interface GitHubPublisherOptions {
	/** The target's id in slipway.yml. */
	readonly id: string;
	readonly rest: GitHubRest;
	readonly target: Pick<GithubTarget, 'tag-prefix' | 'notes'>;
	readonly project: string;
	/** The version that names the release; its tag is prefix and version. */
	readonly version: string;
	/** Where the bytes come from: the tag has to point there. Undefined where no Release lies here: then nothing is sealed unchecked but by what is published already. */
	readonly source: () => Promise<Source | undefined>;
	/** The bytes of an artifact; they are compared with its digest once more. */
	readonly readArtifact: (artifact: Artifact) => Promise<Uint8Array>;
	/** Files that go along: SBOMs, SHA256SUMS, bundles. Read once. Default: none. */
	readonly extras?: () => Promise<readonly ReleaseFile[]>;
	/** Who signed the artifacts, for the commands in the notes. Default: nobody. */
	readonly signer?: () => Promise<Signer | undefined>;
	/** False for a job that only plans: a missing right is a warning then. Default true. */
	readonly needsCredentials?: boolean;
	/** How long (ms) a change may stay unseen. Default 2 min. */
	readonly visibleWithin?: number;
}

const VISIBLE_MS = 2 * 60 * 1000;

const once = <Value>(task: () => Promise<Value>): (() => Promise<Value>) => {
	let value: Promise<Value> | undefined;
	return () => {
		value ??= task();
		return value;
	};
};

const toTarget = (options: GitHubPublisherOptions): Target => ({
	id: options.id,
	rest: options.rest,
	tagPrefix: options.target['tag-prefix'],
	notes: options.target.notes,
	project: options.project,
	version: options.version,
	needsCredentials: options.needsCredentials ?? true,
	source: options.source,
	readArtifact: options.readArtifact,
	signer: options.signer ?? (async () => undefined),
	extras: once(options.extras ?? (async () => [])),
	seen: {},
});

/**
 * Publishes to the releases of a GitHub repository: all files go into a draft, which one write publishes and makes the
 * latest. A pointer is `latest` of the repository, or (pre-releases, older lines) the release itself. A file of a published
 * release is never changed, and no write is repeated by itself.
 */
export const githubPublisher = (options: GitHubPublisherOptions): Publisher => {
	const target = toTarget(options);
	return {
		contract: PUBLISHER_CONTRACT,
		id: options.id,
		description: `GitHub releases of ${options.rest.repository}`,
		traits: {
			hides: true,
			undo: 'pointer',
			seals: true,
			visibleWithin: options.visibleWithin ?? VISIBLE_MS,
			safeProbe: true,
			batch: 'all',
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
		withdraw: (subjects, from, change) => withdraw(target, { subjects, from }, change),
	};
};
