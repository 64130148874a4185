import { parseJson } from '@slipway/core';
import { toAptError } from './error.ts';

/** Where the attestations of a file lie, relative to the repository: named by its digest, so that they fit no other. */
export const toAttestationsPath = (sha256: string): string => `attestations/sha256-${sha256}.jsonl`;

const MAX_BUNDLES = 256;
/** Of the whole file. */
export const MAX_ATTESTATION_BYTES = 64 * 1024 * 1024;

/** One Sigstore bundle a line (JSON lines), in the order given. */
export const toAttestations = (bundles: readonly Uint8Array[]): Uint8Array => {
	const limits = { maxBytes: MAX_ATTESTATION_BYTES };
	const lines = bundles.map((bundle) => `${JSON.stringify(parseJson(bundle, 'an attestation', limits))}\n`);
	return new TextEncoder().encode(lines.join(''));
};

/**
 * The bundles in such a file, not verified.
 * @throws SlipwayError APT_INDEX_INVALID
 */
export const parseAttestations = (bytes: Uint8Array, path: string): Uint8Array[] => {
	const lines = new TextDecoder()
		.decode(bytes)
		.split('\n')
		.filter((line) => line !== '');
	if (lines.length > MAX_BUNDLES)
		throw toAptError(
			'APT_INDEX_INVALID',
			`${path}: expected at most ${MAX_BUNDLES} attestations, got ${lines.length}`,
			'Look at who else writes to the repository.',
		);
	return lines.map((line) => new TextEncoder().encode(line));
};
