import { createPublicKey } from 'node:crypto';
import { type Policy, toWindowEnd, toWindowStart } from '@slipway/core/policy';
import { toKeySigners } from '../signer/find-signer.ts';
import { toKeyDigest } from '../signer/key-signer.ts';
import type { Authorities, CertificateAuthority, LogAuthority } from '../trust/authorities.ts';

/** How long something that verifies others may be trusted. */
export interface KeyLife {
	readonly name: string;
	/** Who can take its place: keys of one role succeed one another. */
	readonly role: string;
	/** SHA-256 of a key (hexadecimal), a fingerprint, or an address. */
	readonly id: string;
	readonly validFrom: Date | null;
	readonly validUntil: Date | null;
}

const toDate = (time: number | undefined): Date | null => (time === undefined ? null : new Date(time));

/** The keys that a policy lists. Those that may sign the same predicates succeed one another. */
export const toPolicyLives = (policy: Policy): KeyLife[] =>
	toKeySigners(policy).map(({ name, key, predicates, 'valid-from': from, 'valid-until': until }) => ({
		name,
		role: `key of the policy for ${predicates?.toSorted().join(', ') ?? 'everything'}`,
		id: toKeyDigest(createPublicKey(key)),
		validFrom: toDate(from === undefined ? undefined : toWindowStart(from)),
		validUntil: toDate(until === undefined ? undefined : toWindowEnd(until)),
	}));

/** The library's end of time: what has no end. */
const END_OF_TIME = 8.64e15;

const toEnd = (ends: readonly Date[]): Date | null => {
	const end = Math.min(...ends.map((date) => date.getTime()));
	return end < END_OF_TIME ? new Date(end) : null;
};

const toLogLife = (role: string, { baseURL, validFor }: LogAuthority): KeyLife => ({
	name: baseURL,
	role,
	id: baseURL,
	validFrom: validFor.start,
	validUntil: toEnd([validFor.end]),
});

/** An authority ends with its window, or earlier with the first certificate of its chain. */
const toAuthorityLife = (role: string, { uri, certChain, validFor }: CertificateAuthority): KeyLife => ({
	name: uri || role,
	role,
	id: uri,
	validFrom: validFor.start,
	validUntil: toEnd([validFor.end, ...certChain.map(({ notAfter }) => notAfter)]),
});

/** The logs and authorities of a trusted root. */
export const toTrustLives = ({ authorities }: { readonly authorities: Authorities }): KeyLife[] => [
	...authorities.tlogs.map((log) => toLogLife('transparency log', log)),
	...authorities.ctlogs.map((log) => toLogLife('certificate log', log)),
	...authorities.certificateAuthorities.map((ca) => toAuthorityLife('certificate authority', ca)),
	...authorities.timestampAuthorities.map((tsa) => toAuthorityLife('timestamp authority', tsa)),
];
