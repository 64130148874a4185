import type { Artifact } from '@slipway/core';
import type { Claims, LocalSigstore } from '../sigstore/index.ts';
import type { ReleaseCopy } from './release-copy.ts';

/** What whoever tampers can lay hands on: everything but the release's own identity. */
export interface Means {
	readonly sigstore: LocalSigstore;
	/** Claims of the identity that signs the release. */
	readonly claims: Claims;
	readonly artifacts: readonly Artifact[];
	/** An artifact that is released, and the one that is changed. */
	readonly artifact: Artifact;
	/** Folder of the previous version's Release; undefined where none was built. */
	readonly older: string | undefined;
}

/** One change to a Release, and the files of which a refusal has to name at least one. */
export interface Tampering {
	readonly id: string;
	/** What was done, in a few words. */
	readonly what: string;
	/** Changes the copy. @returns the links; undefined where this Release has nothing of the kind */
	apply(copy: ReleaseCopy, means: Means): Promise<readonly string[] | undefined>;
}
