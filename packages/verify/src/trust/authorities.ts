import type { TrustMaterial } from '@sigstore/verify';

/** A transparency log or a certificate log: its key, its address, and when it is trusted. */
export type LogAuthority = TrustMaterial['tlogs'][number];

/** A certificate or timestamp authority: its chain from the signing certificate to the root, and when it is trusted. */
export type CertificateAuthority = TrustMaterial['certificateAuthorities'][number] & { readonly uri: string };

/** What a trusted root holds, parsed once. */
export interface Authorities {
	readonly certificateAuthorities: CertificateAuthority[];
	readonly timestampAuthorities: CertificateAuthority[];
	readonly tlogs: LogAuthority[];
	readonly ctlogs: LogAuthority[];
}

/** The newest start of validity among all of them: the root was written after it. */
export const toNewestStart = (authorities: Authorities): Date | null => {
	const starts = Object.values<readonly { readonly validFor: { readonly start: Date } }[]>({ ...authorities })
		.flat()
		.map(({ validFor }) => validFor.start.getTime());
	return starts.length === 0 ? null : new Date(Math.max(...starts));
};
