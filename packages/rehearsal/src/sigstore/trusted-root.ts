import type { Authority } from './asn1/authority.ts';
import { toSpki } from './asn1/certificate.ts';
import type { CertificateAuthority } from './ca/certificate-authority.ts';
import type { TransparencyLog } from './log/transparency-log.ts';
import type { TimestampAuthority } from './tsa/timestamp-authority.ts';

/** What there is to trust. */
export interface Trusted {
	readonly url: string;
	readonly ca: CertificateAuthority;
	readonly rekor: TransparencyLog;
	readonly rekorV2: TransparencyLog;
	readonly tsa: TimestampAuthority;
	/** From when on, milliseconds since 1970. */
	readonly since: number;
}

const ORGANIZATION = 'slipway rehearsal';

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const toChain = (...chain: readonly Pick<Authority, 'certificate'>[]) => ({
	certificates: chain.map(({ certificate }) => ({ rawBytes: toBase64(certificate) })),
});

const toLog = (log: TransparencyLog, { url, since }: Trusted): object => ({
	baseUrl: url,
	hashAlgorithm: 'SHA2_256',
	publicKey: {
		rawBytes: toBase64(toSpki(log.key.publicKey)),
		keyDetails: log.key.details,
		validFor: { start: new Date(since).toISOString() },
	},
	logId: { keyId: toBase64(log.id) },
});

const toAuthority = ({ url, since }: Trusted, commonName: string, certChain: object): object => ({
	subject: { organization: ORGANIZATION, commonName },
	uri: url,
	certChain,
	validFor: { start: new Date(since).toISOString() },
});

/** A TrustedRoot as JSON (sigstore protobuf-specs, v0.1): keys and certificates of all services. */
export const toTrustedRoot = (trusted: Trusted): object => {
	const { ca, rekor, rekorV2, tsa } = trusted;
	return {
		mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
		tlogs: [toLog(rekor, trusted), toLog(rekorV2, trusted)],
		certificateAuthorities: [toAuthority(trusted, 'signatures', toChain(ca.intermediate, ca.root))],
		ctlogs: [toLog(ca.log, trusted)],
		timestampAuthorities: [toAuthority(trusted, 'timestamps', toChain(tsa.signer, tsa.root))],
	};
};
