import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { trimEndOf } from '@slipway/core';
import { type KeySigner, toWindowEnd, toWindowStart } from '@slipway/core/policy';

/** SHA-256 of a key's SubjectPublicKeyInfo, hexadecimal: how keys are named here and in revocation notices. */
export const toKeyDigest = (key: KeyObject): string =>
	createHash('sha256')
		.update(key.export({ type: 'spki', format: 'der' }))
		.digest('hex');

/** A key of the policy, ready to verify with, and every entry of the policy for it. */
export interface PolicyKey {
	readonly key: KeyObject;
	readonly digest: string;
	readonly signers: readonly KeySigner[];
}

/** Each key once, however many windows the policy gives it. */
export const toPolicyKeys = (signers: readonly KeySigner[]): PolicyKey[] => {
	const keys = new Map<string, PolicyKey>();
	for (const signer of signers) {
		const key = createPublicKey(signer.key);
		const digest = toKeyDigest(key);
		keys.set(digest, { key, digest, signers: [...(keys.get(digest)?.signers ?? []), signer] });
	}
	return [...keys.values()];
};

/** The spellings of a key's digest in use: hexadecimal, base64 (cosign), `SHA256:` and base64 without padding (npm). */
const toHints = (digest: string): readonly string[] => {
	const base64 = Buffer.from(digest, 'hex').toString('base64');
	return [digest, base64, `SHA256:${trimEndOf(base64, '=')}`];
};

/** True for a hint that names this key, and for none. */
export const isHintOf = (hint: string, { digest }: Pick<PolicyKey, 'digest'>): boolean =>
	hint === '' || toHints(digest).includes(hint);

/** Why the key may not have signed at one of the times; undefined when all lie in its window. */
export const findWindowProblem = (signer: KeySigner, times: readonly Date[]): string | undefined => {
	const { 'valid-from': from, 'valid-until': until } = signer;
	const early = times.find((time) => from !== undefined && time.getTime() < toWindowStart(from));
	if (early) return `is valid from ${from}, and was used at ${early.toISOString()}`;
	const late = times.find((time) => until !== undefined && time.getTime() > toWindowEnd(until));
	return late ? `is valid until ${until}, and was used at ${late.toISOString()}` : undefined;
};
