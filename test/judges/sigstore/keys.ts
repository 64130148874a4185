import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type KeyKind = 'P-256' | 'P-384' | 'RSA-2048' | 'RSA-3072' | 'ed25519';

/** A key pair, also as files: `<name>.pem` (PKCS #8, only for its owner to read) and `<name>.pub` (SubjectPublicKeyInfo). */
export interface KeyPair {
	readonly privateKey: KeyObject;
	readonly publicKey: KeyObject;
	readonly file: string;
	readonly publicFile: string;
	/** SubjectPublicKeyInfo, DER. */
	readonly spki: Buffer;
}

const generate = (kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } => {
	if (kind === 'ed25519') return generateKeyPairSync('ed25519');
	if (kind.startsWith('RSA')) return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) });
	return generateKeyPairSync('ec', { namedCurve: kind });
};

export const writeKeyPair = (folder: string, name: string, kind: KeyKind): KeyPair => {
	const { privateKey, publicKey } = generate(kind);
	const file = join(folder, `${name}.pem`);
	const publicFile = join(folder, `${name}.pub`);
	writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
	writeFileSync(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
	const spki = publicKey.export({ type: 'spki', format: 'der' });
	return { privateKey, publicKey, file, publicFile, spki };
};

export const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest();
};
