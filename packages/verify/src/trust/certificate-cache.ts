import { type MemoCertificate, parseCertificate } from './memo-certificate.ts';

const MAX_CERTIFICATES = 256;

/** Signing certificates by their bytes: many bundles of one run carry the same. */
export interface CertificateCache {
	/** @throws Error for bytes that are no certificate */
	parse(der: Buffer): MemoCertificate;
}

/** Keeps the certificates used last, at most 256. */
export const createCertificateCache = (): CertificateCache => {
	const known = new Map<string, MemoCertificate>();
	return {
		parse: (der) => {
			const key = der.toString('latin1');
			const certificate = known.get(key) ?? parseCertificate(der);
			known.delete(key);
			known.set(key, certificate);
			const [oldest] = known.size > MAX_CERTIFICATES ? known.keys() : [];
			if (oldest !== undefined) known.delete(oldest);
			return certificate;
		},
	};
};
