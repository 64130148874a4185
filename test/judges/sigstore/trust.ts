import { X509Certificate } from 'node:crypto';
import { type KeyPair, sha256 } from './keys.ts';
import { HOST } from './server.ts';

/** Where everything answers, and by which keys and certificates it is trusted. */
export interface Services {
	readonly issuer: string;
	readonly fulcio: string;
	readonly ctLog: { readonly url: string; readonly key: KeyPair };
	readonly rekor1: { readonly url: string; readonly key: KeyPair };
	readonly rekor2: { readonly url: string; readonly key: KeyPair };
	readonly tsa: string;
	/** PEM, leaf first. */
	readonly fulcioChain: readonly string[];
	readonly tsaChain: readonly string[];
	/** Validity of all of it begins here, RFC 3339. */
	readonly start: string;
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const toCertificates = (chain: readonly string[]) => ({
	certificates: chain.map((pem) => ({ rawBytes: toBase64(new X509Certificate(pem).raw) })),
});

const toName = (chain: readonly string[]) => {
	const lines = new X509Certificate(chain.at(-1) ?? '').subject?.split('\n') ?? [];
	const find = (key: string): string =>
		lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
	return { organization: find('O'), commonName: find('CN') };
};

/** Log id of a Rekor v2: the key id of its signed note (C2SP signed-note), whose origin is the host without its port. */
const toNoteId = ({ spki }: KeyPair): Buffer => sha256(`${HOST}\n`, Uint8Array.of(1), spki.subarray(-32));

interface Log {
	readonly url: string;
	readonly key: KeyPair;
	readonly details: 'PKIX_ED25519' | 'PKIX_ECDSA_P256_SHA_256';
	readonly id: Buffer;
}

/** A trusted root of all the services, version 0.1. */
export const toTrustedRoot = (services: Services): object => {
	const validFor = { start: services.start };
	const toLog = ({ url, key, details, id }: Log) => ({
		baseUrl: url,
		hashAlgorithm: 'SHA2_256',
		publicKey: { rawBytes: toBase64(key.spki), keyDetails: details, validFor },
		logId: { keyId: toBase64(id) },
	});
	const { rekor1, rekor2, ctLog, fulcioChain, tsaChain } = services;
	const toPlainLog = (log: { url: string; key: KeyPair }) =>
		toLog({ ...log, details: 'PKIX_ECDSA_P256_SHA_256', id: sha256(log.key.spki) });
	const toChain = (uri: string, chain: readonly string[]) => ({
		subject: toName(chain),
		uri,
		certChain: toCertificates(chain),
		validFor,
	});
	return {
		mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
		tlogs: [toLog({ ...rekor2, details: 'PKIX_ED25519', id: toNoteId(rekor2.key) }), toPlainLog(rekor1)],
		certificateAuthorities: [toChain(services.fulcio, fulcioChain)],
		ctlogs: [toPlainLog(ctLog)],
		timestampAuthorities: [toChain(services.tsa, tsaChain)],
	};
};

/** Which log a signing configuration names, and whether it names the timestamp authority. */
export interface ServiceChoice {
	readonly log: 'rekor1' | 'rekor2' | 'none';
	readonly timestamps: boolean;
}

/** A signing configuration, version 0.2, with the services that are chosen. */
export const toSigningConfig = (services: Services, { log, timestamps }: ServiceChoice): object => {
	const toService = (url: string, majorApiVersion: number) => ({
		url,
		majorApiVersion,
		validFor: { start: services.start },
		operator: 'sigstore.test',
	});
	const logs = {
		rekor1: [toService(services.rekor1.url, 1)],
		rekor2: [toService(services.rekor2.url, 2)],
		none: [],
	};
	return {
		mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
		caUrls: [toService(services.fulcio, 1)],
		oidcUrls: [toService(services.issuer, 1)],
		rekorTlogUrls: logs[log],
		rekorTlogConfig: { selector: 'ANY' },
		tsaUrls: timestamps ? [toService(services.tsa, 1)] : [],
		tsaConfig: { selector: 'ANY' },
	};
};
