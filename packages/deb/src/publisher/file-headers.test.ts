import { toFileHeaders } from './file-headers.ts';

const TEXT = 'text/plain; charset=utf-8';

test.each([
	['dists/stable/InRelease', 'no-cache', TEXT],
	['dists/stable/Release', 'no-cache', TEXT],
	['dists/stable/Release.gpg', 'no-cache', undefined],
	['dists/stable/main/binary-amd64/Packages', 'no-cache', TEXT],
	['dists/stable/main/binary-amd64/Packages.gz', 'no-cache', undefined],
	['dists/stable/main/binary-amd64/by-hash/SHA256/00ff', 'public, max-age=31536000, immutable', undefined],
	['pool/main/g/greet/greet_1.0-1_all.deb', 'public, max-age=31536000, immutable', undefined],
	['history/stable/00000001-0011223344556677', 'public, max-age=31536000, immutable', TEXT],
	['attestations/sha256-00ff.jsonl', 'no-cache', undefined],
	// Named like something that never changes, where nothing of the kind is.
	['dists/pool/InRelease', 'no-cache', TEXT],
	['by-hash/index.html', 'no-cache', undefined],
])('%s', (path, cacheControl, contentType) => {
	expect(toFileHeaders(path)).toEqual({ cacheControl, ...(contentType && { contentType }) });
});
