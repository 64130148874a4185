import { createPrivateKey, type KeyObject } from 'node:crypto';
import { toSignError } from '../code.ts';
import { type OwnKey, toKeySigner } from './key-signer.ts';

const MIN_RSA_BITS = 3072;
const MAX_KEY_CHARACTERS = 64 * 1024;

const HINT =
	'Make one with `openssl ecparam -name prime256v1 -genkey -noout` (P-256), or take RSA of at least 3072 bits or Ed25519.';

const isEncrypted = (pem: string): boolean =>
	/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem);

const parse = (pem: string, passphrase: string | undefined): KeyObject => {
	if (isEncrypted(pem) && !passphrase)
		throw toSignError('SIGN_KEY_PASSPHRASE', 'expected a passphrase for the encrypted key, got none', {
			hint: 'Set the variable that `sign: key: passphrase:` names.',
		});
	try {
		return createPrivateKey({ key: pem, format: 'pem', ...(passphrase && { passphrase }) });
	} catch (cause) {
		// The cause's own text can quote what it read: only its code goes along.
		const { code } = cause as { readonly code?: string };
		if (isEncrypted(pem))
			throw toSignError('SIGN_KEY_PASSPHRASE', 'the passphrase does not open the encrypted key', {
				hint: 'Correct the passphrase in the variable that `sign: key: passphrase:` names.',
				cause: code,
			});
		throw toSignError(
			'SIGN_KEY_INVALID',
			`expected a private key as PEM (PKCS #8, SEC 1 or PKCS #1), got ${pem.length} characters of another form`,
			{ hint: HINT, cause: code },
		);
	}
};

/** Why a key is not taken, or undefined. */
const findProblem = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined => {
	const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
	switch (asymmetricKeyType) {
		case 'ec':
			return namedCurve === 'prime256v1' ? undefined : `the curve ${namedCurve}`;
		case 'rsa':
			return modulusLength >= MIN_RSA_BITS ? undefined : `RSA of ${modulusLength} bits`;
		case 'ed25519':
			return undefined;
		default:
			return `a key of type ${asymmetricKeyType}`;
	}
};

/**
 * Reads a private key of one's own: P-256, RSA of at least 3072 bits, or Ed25519, as PEM, also encrypted.
 * @throws SlipwayError SIGN_KEY_INVALID, SIGN_KEY_PASSPHRASE, SIGN_KEY_UNSUPPORTED
 */
export const readKeySigner = (pem: string, passphrase?: string): OwnKey => {
	if (pem.length > MAX_KEY_CHARACTERS)
		throw toSignError('SIGN_KEY_INVALID', `expected a private key as PEM, got ${pem.length} characters`, {
			hint: HINT,
		});
	const key = parse(pem, passphrase);
	const problem = findProblem(key);
	if (problem)
		throw toSignError(
			'SIGN_KEY_UNSUPPORTED',
			`expected P-256, RSA of at least ${MIN_RSA_BITS} bits or Ed25519, got ${problem}`,
			{ hint: HINT },
		);
	return toKeySigner(key);
};
