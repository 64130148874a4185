import type { Authorities } from './authorities.ts';
import type { CertificateCache } from './certificate-cache.ts';

/** Where a trusted root came from. */
export interface TrustSource {
	/**
	 * `file`: given as bytes; `tuf`: fetched, signed by its keepers; `pinned`: the copy of the public instance's root that
	 * is part of this version; `none`: only keys of the policy can be verified.
	 */
	readonly kind: 'file' | 'tuf' | 'pinned' | 'none';
	/** For people: the file's name or the mirror's address. */
	readonly from: string;
	/** SHA-256 of the trusted root's bytes, hexadecimal; null without one. */
	readonly sha256: string | null;
}

/** How old a trusted root is: when it was last known to be current, as far as can be shown. */
export interface TrustAge {
	/** `tuf`: when its keepers last vouched for it. Otherwise the newest start of validity in it: it is not older. */
	readonly asOf: Date | null;
	/** Whole days since then at the time it was opened. */
	readonly days: number | null;
}

/** Parsed keys of certificate authorities, logs and timestamp authorities. Reuse one for many bundles: it caches. */
export interface Trust {
	readonly source: TrustSource;
	readonly age: TrustAge;
	readonly authorities: Authorities;
	readonly certificates: CertificateCache;
}
