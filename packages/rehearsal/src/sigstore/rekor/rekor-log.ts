import { createHash, generateKeyPairSync } from 'node:crypto';
import { toSpki } from '../asn1/certificate.ts';
import { toCheckpoint } from '../log/checkpoint.ts';
import { type Inclusion, makeLogKey, TransparencyLog, toLogId } from '../log/transparency-log.ts';

/** How what a log says of an entry can be false; `wrong-promise` is of Rekor v1 alone. */
export const REKOR_LIES = [
	'other-entry',
	'other-log',
	'wrong-promise',
	'wrong-proof',
	'wrong-checkpoint',
	'no-proof',
	'late',
] as const;

/** Name of the logs: the host of their URL without port, where verifiers look for it. */
export const ORIGIN = '127.0.0.1';

export const makeRekorLog = (before = 0): TransparencyLog => {
	const key = makeLogKey();
	return new TransparencyLog(key, toLogId(key.publicKey), before);
};

/** A log with an ed25519 key, whose id a signed note defines: SHA-256 of name, line feed, 0x01 and the raw key. */
export const makeTiledLog = (): TransparencyLog => {
	const keys = generateKeyPairSync('ed25519');
	const raw = toSpki(keys.publicKey).subarray(-32);
	const id = createHash('sha256').update(`${ORIGIN}\n\u0001`).update(raw).digest();
	return new TransparencyLog({ ...keys, details: 'PKIX_ED25519' }, id);
};

const flip = (bytes: Uint8Array): Uint8Array => {
	const changed = Buffer.from(bytes);
	changed[0] = (changed[0] ?? 0) ^ 1;
	return changed;
};

/** Inclusion and checkpoint, false where asked for. */
export const toProof = (
	log: TransparencyLog,
	index: number,
	{ lie, origin = ORIGIN }: { readonly lie: string | undefined; readonly origin?: string },
) => {
	const inclusion = log.toInclusion(index);
	const { hashes, rootHash } = inclusion;
	const told: Inclusion =
		lie === 'wrong-proof'
			? { ...inclusion, hashes: hashes.length ? hashes.map(flip) : [rootHash] }
			: inclusion;
	const shown = lie === 'wrong-checkpoint' ? { ...inclusion, rootHash: flip(rootHash) } : inclusion;
	return { inclusion: told, checkpoint: toCheckpoint(log, shown, { origin, name: ORIGIN }) };
};

const OTHER_HASH = Buffer.alloc(32, 7);

/** The bytes to log: those of another entry, about other bytes, where the log is to lie about what it took in. */
export const toLoggedBody = (body: string, lie: string | undefined): Uint8Array =>
	Buffer.from(
		lie === 'other-entry'
			? body
					.replace(
						/(?<=("payloadHash"|"hash"):\{"algorithm":"sha256","value":")[0-9a-f]{64}/,
						OTHER_HASH.toString('hex'),
					)
					.replace(/(?<="digest":")[^"]+/, OTHER_HASH.toString('base64'))
			: body,
	);
