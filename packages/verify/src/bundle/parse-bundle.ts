import { createHash } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import { bundleFromJSON } from '@sigstore/bundle';
import { parseJson, parseWith, SlipwayError, toMessage } from '@slipway/core';
import type { VerifyCode } from '../code.ts';
import { toRefusal } from '../error.ts';
import { type BundleJson, BundleSchema } from './schema.ts';

/** Payload (16 MiB) in base64 and what stands around it. */
const MAX_BYTES = 24 * 1024 * 1024;

export interface ParsedBundle {
	readonly bundle: Bundle;
	readonly json: BundleJson;
	/** SHA-256 of the bytes, hexadecimal. */
	readonly digest: string;
}

/** What each version of the format demands beside its fields (sigstore_bundle.proto, comments of `media_type`). */
const findVersionProblem = ({ mediaType, verificationMaterial }: BundleJson): string | undefined => {
	const { tlogEntries, x509CertificateChain, certificate } = verificationMaterial;
	const version = /0\.[123]/.exec(mediaType)?.[0] ?? '';
	if (version === '0.3' && x509CertificateChain) return 'version 0.3 has one certificate, no chain';
	if (version !== '0.3' && certificate) return `version ${version} has a chain, no single certificate`;
	if (version === '0.1' && tlogEntries.some(({ inclusionPromise }) => !inclusionPromise))
		return 'version 0.1 needs an inclusion promise in each log entry';
	if (version !== '0.1' && tlogEntries.some(({ inclusionProof }) => !inclusionProof?.checkpoint))
		return `version ${version} needs an inclusion proof with a checkpoint in each log entry`;
	return undefined;
};

const parseBundleJson = (bytes: Uint8Array): BundleJson => {
	const json = parseJson(bytes, 'the bundle', { maxBytes: MAX_BYTES, maxDepth: 12 });
	const bundle = parseWith(BundleSchema, json, {
		code: 'VERIFY_BUNDLE_INVALID' satisfies VerifyCode,
		what: 'the bundle',
		hint: '',
	});
	const problem = findVersionProblem(bundle);
	if (problem !== undefined) throw toRefusal('VERIFY_BUNDLE_INVALID', `the bundle is not valid: ${problem}`);
	return bundle;
};

/**
 * Reads a Sigstore bundle v0.1 to v0.3 as JSON: at most 24 MiB, one signature, canonical base64, no unknown fields.
 * @throws SlipwayError VERIFY_BUNDLE_INVALID
 */
export const parseBundle = (bytes: Uint8Array): ParsedBundle => {
	try {
		const json = parseBundleJson(bytes);
		return { json, bundle: bundleFromJSON(json), digest: createHash('sha256').update(bytes).digest('hex') };
	} catch (thrown) {
		const message =
			thrown instanceof SlipwayError ? thrown.message : `the bundle is not valid: ${toMessage(thrown)}`;
		throw toRefusal('VERIFY_BUNDLE_INVALID', message.slice(0, 2000), thrown);
	}
};
