import { toObjectHeaders } from './file-headers.ts';

test.each([
	['key.asc', 'application/pgp-keys'],
	['pool/a_1_amd64.deb', 'application/vnd.debian.binary-package'],
	['Release.gpg', 'application/pgp-signature'],
	['Packages.gz', 'application/gzip'],
	['a.tgz', 'application/gzip'],
	['index.html', 'text/html; charset=utf-8'],
	['a.json', 'application/json'],
	['a.jsonl', 'application/jsonl'],
	['a.txt', 'text/plain; charset=utf-8'],
	['Packages.xz', 'application/x-xz'],
	['a.tar.zst', 'application/zstd'],
	['dists/stable/InRelease', 'application/octet-stream'],
	['a.deb/b', 'application/octet-stream'],
])('%s is served as %s, and asked about before each use', (path, type) => {
	expect(toObjectHeaders(path)).toEqual({ 'content-type': type, 'cache-control': 'no-cache' });
});

test('what its opener says counts', () => {
	const headers = { contentType: 'text/x', cacheControl: 'immutable' };
	expect(toObjectHeaders('a.json', headers)).toEqual({
		'content-type': 'text/x',
		'cache-control': 'immutable',
	});
	expect(toObjectHeaders('a.json', { cacheControl: 'immutable' })['content-type']).toBe('application/json');
});
