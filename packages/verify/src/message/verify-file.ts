import { createHash } from 'node:crypto';
import type { BundleRequest, VerifiedSigner } from '../attestation.ts';
import { type ParsedBundle, parseBundle } from '../bundle/parse-bundle.ts';
import { toRefusal } from '../error.ts';
import { verifySignature } from '../signature/verify-signature.ts';
import { checkThresholds } from '../signer/thresholds.ts';
import { findSigner, toVerifiedSigner, verifyBundle } from '../verify-bundle.ts';
import { type SignedFile, toMessageContent } from './message-content.ts';

export interface FileRequest extends Pick<BundleRequest, 'trust' | 'policy' | 'clock'> {
	readonly file: SignedFile;
}

export interface VerifiedFile {
	readonly signer: VerifiedSigner;
	readonly signedAt: Date | null;
}

/** A bare signature says nothing about the file: a signer who is limited to some predicates may not make one. */
const BARE = { kind: undefined, predicateType: '(a bare signature)' };

const verifyMessage = (parsed: ParsedBundle, request: FileRequest): VerifiedFile => {
	const { content } = parsed.bundle;
	const { messageSignature } = parsed.json;
	if (content.$case !== 'messageSignature' || !messageSignature)
		throw toRefusal('VERIFY_BUNDLE_INVALID', 'expected a message signature');
	const { algorithm } = messageSignature.messageDigest;
	const { policy } = request.policy;
	const signature = verifySignature(
		parsed,
		{ ...request, policy },
		toMessageContent(content.messageSignature, algorithm, request.file),
	);
	const signer = findSigner(signature, BARE, request);
	checkThresholds(signer, policy, signature.evidence);
	return { signer: toVerifiedSigner(signer, signature), signedAt: signature.evidence.times[0] ?? null };
};

const toSha256 = (file: SignedFile): string =>
	file instanceof Uint8Array ? createHash('sha256').update(file).digest('hex') : file.sha256;

/**
 * Verifies that a bundle of either kind was made for a file: a statement about it, or a bare signature of it as other
 * Sigstore clients make them.
 * @throws SlipwayError VERIFY_*
 */
export const verifyFile = (bytes: Uint8Array, request: FileRequest): VerifiedFile => {
	const parsed = parseBundle(bytes);
	if (request.policy.policy.signers.length === 0)
		throw toRefusal('VERIFY_POLICY_EMPTY', 'the policy names nobody who may sign');
	if (parsed.bundle.content.$case === 'messageSignature') return verifyMessage(parsed, request);
	return verifyBundle(bytes, { ...request, subject: { sha256: toSha256(request.file) } });
};
