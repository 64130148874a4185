import type { Artifact } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import type { Store } from '@slipway/store';
import type { Repository } from '../repository/repository.ts';
import type { SigningKey } from '../repository/signing-key.ts';
import { isPrerelease } from './deb-purl.ts';
import type { ServedFiles } from './served-files.ts';

export interface AptPublisherOptions {
	/** The target's id in slipway.yml. */
	readonly id: string;
	readonly target: AptTarget;
	/** What `target.store` names. */
	readonly store: Store;
	/** What `target.signing-key` names; null in jobs that only read and upload. */
	readonly signingKey: SigningKey | null;
	/** Texts of the files that `target.trusted-keys` names. */
	readonly trustedKeys: readonly string[];
	/** The bytes of an artifact of this release; they are hashed again before use. */
	readonly readArtifact: (artifact: Artifact) => Promise<Uint8Array>;
	/**
	 * Sigstore bundles about an artifact, published beside the pool as `attestations/sha256-<digest>.jsonl`, one a line.
	 * Default: none.
	 */
	readonly attestations?: ((artifact: Artifact) => Promise<readonly Uint8Array[]>) | undefined;
	/** This project's Debian packages: which ones to look for when there is no record of a release. */
	readonly packages: readonly string[];
	/** False in a job that only claims the plan: a missing key is a warning there. Default true. */
	readonly needsCredentials?: boolean | undefined;
	/** ms. Default: 10 s for a folder, 600 s for everything behind a CDN. */
	readonly visibleWithin?: number | undefined;
	/** Which program verifies. Default: apt-get where it is installed, else the built-in reader. */
	readonly client?: 'apt' | 'built-in' | undefined;
}

/** What the parts of the publisher share. */
export interface Apt {
	readonly options: AptPublisherOptions;
	readonly repository: Repository;
	readonly served: ServedFiles;
}

/** Where a pointer is: `stable/main`. */
export const toPointerName = (suite: string, component: string): string => `${suite}/${component}`;

/** The reverse of toPointerName; the names in it have no slash. */
export const parsePointerName = (name: string): { readonly suite: string; readonly component: string } => {
	const [suite = '', component = ''] = name.split('/');
	return { suite, component };
};

/** The suite a version goes to, undefined where pre-releases are refused. A line is a suite of its own. */
export const toSuiteOf = (target: AptTarget, version: string, line?: string): string | undefined => {
	if (line !== undefined) return line;
	return isPrerelease(version) ? target['prerelease-suite'] : target.suite;
};
