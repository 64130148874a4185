import { createHash } from 'node:crypto';
import type { Clock } from '@slipway/core';
import { type Authorities, toNewestStart } from './authorities.ts';
import { createCertificateCache } from './certificate-cache.ts';
import type { TufRequest } from './fetch-trusted-root.ts';
import { parseTrustedRoot } from './parse-trusted-root.ts';
import type { Trust, TrustSource } from './trust.ts';

export interface TrustRequest {
	/** Bytes of a Sigstore trusted root (JSON). No network is touched. */
	readonly trustedRoot?: Uint8Array;
	/** For messages: the file's name. */
	readonly from?: string;
	/** Fetch the trusted root through TUF; the public instance unless a mirror is named. */
	readonly online?: TufRequest;
	/** Use the copy of the public instance's root that is part of this version. No network is touched. */
	readonly pinned?: boolean;
	readonly clock: Pick<Clock, 'now'>;
}

const DAY_MS = 86_400_000;
const NOTHING: Authorities = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };

interface Root {
	readonly bytes: Uint8Array;
	readonly kind: TrustSource['kind'];
	readonly from: string;
}

const readRoot = async ({
	trustedRoot,
	from = 'the trusted root',
	online,
	pinned,
}: TrustRequest): Promise<Root | undefined> => {
	if (trustedRoot) return { bytes: trustedRoot, kind: 'file', from };
	if (online === undefined && !pinned) return undefined;
	const { fetchTrustedRoot, PUBLIC_MIRROR, readPinnedRoot } = await import('./fetch-trusted-root.ts');
	return online
		? { bytes: await fetchTrustedRoot(online), kind: 'tuf', from: online.mirror ?? PUBLIC_MIRROR }
		: { bytes: await readPinnedRoot(), kind: 'pinned', from: PUBLIC_MIRROR };
};

const toTrust = (root: Root, now: number): Trust => {
	const { bytes, kind, from } = root;
	const authorities = parseTrustedRoot(bytes, from);
	const asOf = kind === 'tuf' ? new Date(now) : toNewestStart(authorities);
	return {
		source: { kind, from, sha256: createHash('sha256').update(bytes).digest('hex') },
		age: { asOf, days: asOf && Math.max(0, Math.floor((now - asOf.getTime()) / DAY_MS)) },
		authorities,
		certificates: createCertificateCache(),
	};
};

/**
 * Opens what signatures are trusted by. With `trustedRoot` or `pinned` no network is touched; without any of the three
 * only signatures by keys of the policy can be verified.
 * @throws SlipwayError VERIFY_TRUST_INVALID, VERIFY_TRUST_UNAVAILABLE
 */
export const openTrust = async (request: TrustRequest): Promise<Trust> => {
	const root = await readRoot(request);
	if (root) return toTrust(root, request.clock.now());
	return {
		source: { kind: 'none', from: 'the policy', sha256: null },
		age: { asOf: null, days: null },
		authorities: NOTHING,
		certificates: createCertificateCache(),
	};
};
