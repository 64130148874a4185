import { type Der, toInteger } from '../asn1/der.ts';
import { readElements, readSequence } from '../asn1/read-der.ts';
import { readJsonObject } from '../reply.ts';

const SHA256 = '608648016503040201';
const SHA512 = '608648016503040203';

/** What a timestamp is asked for. */
export interface TimestampRequest {
	readonly algorithm: 'sha256' | 'sha512';
	readonly hash: Uint8Array;
	/** DER of an INTEGER. */
	readonly nonce: Der | undefined;
	/** Whether the authority's certificate is to come with it. */
	readonly certificates: boolean;
}

const toRequest = (
	algorithm: string | undefined,
	hash: Uint8Array,
	rest: Pick<TimestampRequest, 'nonce' | 'certificates'>,
): TimestampRequest | undefined => {
	if (algorithm === 'sha256' && hash.length === 32) return { algorithm, hash, ...rest };
	return algorithm === 'sha512' && hash.length === 64 ? { algorithm, hash, ...rest } : undefined;
};

/** TimeStampReq (RFC 3161, 2.4.1); undefined for anything else. */
const readDerRequest = (bytes: Uint8Array): TimestampRequest | undefined => {
	try {
		const [, imprint, ...options] = readSequence(bytes);
		const [algorithm, hash] = readElements(imprint?.content ?? new Uint8Array());
		const oid = Buffer.from(readElements(algorithm?.content ?? new Uint8Array())[0]?.content ?? []).toString(
			'hex',
		);
		const name = oid === SHA256 ? 'sha256' : oid === SHA512 ? 'sha512' : undefined;
		return toRequest(name, hash?.content ?? new Uint8Array(), {
			nonce: options.find(({ tag }) => tag === 0x02)?.bytes,
			certificates: options.some(({ tag, content }) => tag === 0x01 && content[0] === 0xff),
		});
	} catch {
		return undefined;
	}
};

const isNumber = (value: unknown): value is number =>
	typeof value === 'number' && Number.isSafeInteger(value);

/** The JSON form that Sigstore's authority takes besides. */
const readJsonRequest = (bytes: Uint8Array): TimestampRequest | undefined => {
	const { artifactHash, hashAlgorithm, nonce, certificates } = readJsonObject(bytes) ?? {};
	return toRequest(String(hashAlgorithm), Buffer.from(String(artifactHash), 'base64'), {
		nonce: isNumber(nonce) ? toInteger(nonce) : undefined,
		certificates: certificates === true,
	});
};

export const readTimestampRequest = (bytes: Uint8Array, contentType: string): TimestampRequest | undefined =>
	contentType.startsWith('application/json') ? readJsonRequest(bytes) : readDerRequest(bytes);
