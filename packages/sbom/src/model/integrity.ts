import type { Hash, HashAlgorithm } from './sbom.ts';

const ALGORITHMS: ReadonlyMap<string, readonly [HashAlgorithm, number]> = new Map([
	['sha1', ['SHA-1', 20]],
	['sha256', ['SHA-256', 32]],
	['sha384', ['SHA-384', 48]],
	['sha512', ['SHA-512', 64]],
]);
const MAX_LENGTH = 4096;

/** The hashes of a Subresource Integrity text (W3C SRI, 3.5), the first of each algorithm; what is none is left out. */
export const parseIntegrity = (text: string | undefined): readonly Hash[] => {
	if (text === undefined || text.length > MAX_LENGTH) return [];
	const hashes = new Map<HashAlgorithm, string>();
	for (const part of text.split(/\s+/)) {
		const [, name = '', base64 = ''] = /^(sha\d{1,3})-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(part) ?? [];
		const [algorithm, bytes] = ALGORITHMS.get(name) ?? [];
		const value = Buffer.from(base64, 'base64');
		if (algorithm && value.length === bytes && !hashes.has(algorithm))
			hashes.set(algorithm, value.toString('hex'));
	}
	return [...hashes].map(([algorithm, value]) => ({ algorithm, value }));
};

/** yarn 1 keeps the SHA-1 of a tarball behind the # of its address. */
export const parseFragmentHash = (resolved: string | undefined): readonly Hash[] => {
	const value = /#([0-9a-f]{40})$/.exec(resolved ?? '')?.[1];
	return value && !resolved?.startsWith('git') ? [{ algorithm: 'SHA-1', value }] : [];
};
