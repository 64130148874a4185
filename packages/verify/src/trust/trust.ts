/** Where a trusted root came from. */
export interface TrustSource {
	/** `tuf`: fetched and signed by its keepers; `file`: given as bytes; `none`: only keys of the policy can be verified. */
	readonly kind: 'tuf' | 'file' | 'none';
	/** For people: the file's name or the mirror's address. */
	readonly from: string;
	/** SHA-256 of the trusted root's bytes, hexadecimal; null without one. */
	readonly sha256: string | null;
}

/** How old a trusted root is: when it was last known to be current, as far as its bytes show. */
export interface TrustAge {
	/** TUF: when its keepers last vouched for it. File: the newest start of validity in it. */
	readonly asOf: Date | null;
	/** Whole days since then at the time it was opened. */
	readonly days: number | null;
}

/** Parsed keys of certificate authorities, logs and timestamp authorities. Reuse one for many bundles: it caches. */
export interface Trust {
	readonly source: TrustSource;
	readonly age: TrustAge;
}
