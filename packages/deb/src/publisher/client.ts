import type { Context } from '@slipway/core';

/** Which repository a client is pointed at, as a user's .sources file would. */
export interface Source {
	readonly url: string;
	readonly suite: string;
	readonly component: string;
	/** All that the repository has; the first is taken for the machine's own. */
	readonly architectures: readonly string[];
	/** Public keys under one armor, as in `Signed-By`. */
	readonly key: string;
}

/** A package on one concrete architecture. */
export interface Wanted {
	readonly name: string;
	readonly architecture: string;
}

/** What the client would install when asked for the package by its name alone. */
export interface Resolved {
	readonly version: string;
	/** Of the bytes it downloaded. */
	readonly sha256: string;
}

export interface Sight {
	/** undefined: it does not know the package. */
	readonly resolved: Resolved | undefined;
	/** Every version it knows. */
	readonly versions: readonly string[];
}

/** Something that reads the repository as a user's machine does: signature, dates and hashes checked on the way. */
export interface RepositoryClient {
	/** For people, for example "apt-get 2.6.1". */
	readonly name: string;
	/**
	 * Reads the repository from nothing. Answers in the order of `wanted`.
	 * @throws SlipwayError APT_CLIENT_FAILED or a more exact one
	 */
	look(source: Source, wanted: readonly Wanted[], context: Context): Promise<readonly Sight[]>;
}
