import { SlipwayError, toMessage } from '@slipway/core';
import type { VerifyCode } from './code.ts';

const HINTS: Readonly<Record<VerifyCode, string>> = {
	VERIFY_BUNDLE_INVALID:
		'Get the bundle again from where it was published; what is there cannot be read as one.',
	VERIFY_TRUST_INVALID: 'Get the trusted root again from whoever runs the Sigstore instance.',
	VERIFY_TRUST_UNAVAILABLE: 'Name a trusted root file with --trusted-root, or let it be fetched.',
	VERIFY_POLICY_EMPTY: 'Add `signers` to the policy file: each with issuer and identity, or with a key.',
	VERIFY_SIGNATURE_INVALID: 'Do not use the file: what was signed is not what is here.',
	VERIFY_CERTIFICATE_INVALID:
		'Check that the trusted root belongs to the Sigstore instance that issued the certificate.',
	VERIFY_LOG_INVALID: 'Check that the trusted root names the log, and get the bundle again.',
	VERIFY_TIMESTAMP_INVALID:
		'Check that the trusted root names the timestamp authority, and get the bundle again.',
	VERIFY_THRESHOLD_UNMET: 'Sign again with all witnesses that the policy demands, or change `thresholds`.',
	VERIFY_IDENTITY_MISMATCH:
		'If this signer is right, add it to `signers` in the policy file; otherwise do not use the file.',
	VERIFY_KEY_REFUSED: 'If this key is right, add it with its window to `signers` in the policy file.',
	VERIFY_STATEMENT_INVALID: 'Ask whoever signed it for an in-toto Statement v1 in a DSSE envelope.',
	VERIFY_PREDICATE_MISMATCH: 'Name the right bundle, or allow the predicate in `predicates` of this signer.',
	VERIFY_SUBJECT_MISMATCH: 'Name the file that this bundle was made for; otherwise do not use the file.',
	VERIFY_REVOKED: 'Do not use the file; ask its publisher for a newer one.',
};

/** A refusal with the hint that belongs to its code. */
export const toRefusal = (code: VerifyCode, message: string, cause?: unknown): SlipwayError<VerifyCode> =>
	new SlipwayError(code, message, { hint: HINTS[code], cause });

const readCode = (thrown: unknown): string =>
	thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

const toCode = (libraryCode: string): VerifyCode => {
	if (libraryCode.startsWith('TLOG_')) return 'VERIFY_LOG_INVALID';
	const codes = new Map<string, VerifyCode>([
		['TIMESTAMP_ERROR', 'VERIFY_TIMESTAMP_INVALID'],
		['CERTIFICATE_ERROR', 'VERIFY_CERTIFICATE_INVALID'],
		['PUBLIC_KEY_ERROR', 'VERIFY_KEY_REFUSED'],
		['SIGNATURE_ERROR', 'VERIFY_SIGNATURE_INVALID'],
	]);
	return codes.get(libraryCode) ?? 'VERIFY_BUNDLE_INVALID';
};

/** What the Sigstore library threw, as a refusal of ours; ours pass through. */
export const toLibraryRefusal = (thrown: unknown): Error => {
	if (thrown instanceof SlipwayError) return thrown;
	const code = toCode(readCode(thrown));
	const cause = thrown instanceof Error ? thrown.cause : undefined;
	const detail = cause instanceof Error ? `${toMessage(thrown)} (${cause.message})` : toMessage(thrown);
	return toRefusal(code, detail.slice(0, 500), thrown);
};

/** Runs what calls the Sigstore library. @throws SlipwayError VERIFY_* */
export const withLibraryErrors = <T>(task: () => T): T => {
	try {
		return task();
	} catch (thrown) {
		throw toLibraryRefusal(thrown);
	}
};
