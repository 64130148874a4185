import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { sha256 } from './keys.ts';

const post = async (url: string, body: unknown): Promise<void> => {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`first entry at ${url}: ${response.status} ${text.slice(0, 300)}`);
};

/**
 * Puts one entry into each log: an empty log is not what anybody meets, and cosign leaves index 0 out of its bundles,
 * which sigstore-python then refuses.
 */
export const logFirstEntries = async (rekor1: string, rekor2: string): Promise<void> => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const data = randomBytes(32);
	const digest = sha256(data);
	const content = sign('sha256', data, privateKey).toString('base64');
	const pem = publicKey.export({ type: 'spki', format: 'pem' });
	const rawBytes = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
	await Promise.all([
		post(`${rekor1}/api/v1/log/entries`, {
			apiVersion: '0.0.1',
			kind: 'hashedrekord',
			spec: {
				data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
				signature: { content, publicKey: { content: Buffer.from(pem).toString('base64') } },
			},
		}),
		post(`${rekor2}/api/v2/log/entries`, {
			hashedRekordRequestV002: {
				digest: digest.toString('base64'),
				signature: { content, verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', publicKey: { rawBytes } } },
			},
		}),
	]);
};
