import { createPublicKey } from 'node:crypto';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial } from '@sigstore/verify';
import { parseJson, parseWith, SlipwayError, toMessage } from '@slipway/core';
import type { VerifyCode } from '../code.ts';
import { toRefusal } from '../error.ts';
import type { Authorities, CertificateAuthority } from './authorities.ts';
import { MemoCertificate } from './memo-certificate.ts';
import { TrustedRootSchema } from './schema.ts';

const MAX_BYTES = 1024 * 1024;

/** The library reads the parts of a certificate when they are needed; here all of them must be there. */
const toWhole = (root: ConstructorParameters<typeof MemoCertificate>[0]): MemoCertificate => {
	const certificate = new MemoCertificate(root);
	const { notBefore, notAfter, publicKey, subject, issuer } = certificate;
	createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
	if (notBefore > notAfter || subject.length + issuer.length === 0)
		throw new RangeError('a certificate names nobody, or ends before it begins');
	return certificate;
};

const toAuthorities = (json: object): Authorities => {
	const root = TrustedRoot.fromJSON(json);
	const material = toTrustMaterial(root);
	const withUri = (
		authorities: typeof material.certificateAuthorities,
		described: readonly { uri: string }[],
	): CertificateAuthority[] =>
		authorities.map(({ certChain, validFor }, index) => ({
			uri: described[index]?.uri ?? '',
			validFor,
			certChain: certChain.map(({ root }) => toWhole(root)),
		}));
	return {
		tlogs: material.tlogs,
		ctlogs: material.ctlogs,
		certificateAuthorities: withUri(material.certificateAuthorities, root.certificateAuthorities),
		timestampAuthorities: withUri(material.timestampAuthorities, root.timestampAuthorities),
	};
};

/**
 * Reads a Sigstore trusted root (JSON, at most 1 MiB). Each log and authority must say from when it is trusted.
 * @throws SlipwayError VERIFY_TRUST_INVALID
 */
export const parseTrustedRoot = (bytes: Uint8Array, what = 'the trusted root'): Authorities => {
	try {
		const json = parseJson(bytes, what, { maxBytes: MAX_BYTES, maxDepth: 12 });
		parseWith(TrustedRootSchema, json, {
			code: 'VERIFY_TRUST_INVALID' satisfies VerifyCode,
			what,
			hint: '',
		});
		return toAuthorities(json as object);
	} catch (thrown) {
		const message =
			thrown instanceof SlipwayError ? thrown.message : `${what} is not valid: ${toMessage(thrown)}`;
		throw toRefusal('VERIFY_TRUST_INVALID', message.slice(0, 2000), thrown);
	}
};
