import { rm } from 'node:fs/promises';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { gitStore } from './git-store.ts';
import { findHostLimits, verifyWithinLimits } from './host-limits.ts';

const MIB = 1024 ** 2;

test.each<[string, string | undefined, Record<string, string>?]>([
	['https://github.com/a/b.git', 'GitHub'],
	['https://x:y@GitHub.com:443/a/b', 'GitHub'],
	['git@github.com:a/b.git', 'GitHub'],
	['github.com:a/b', 'GitHub'],
	['ssh://git@ssh.github.com:443/a/b', 'GitHub'],
	['https://forge.example/a/b', undefined],
	['https://forge.example/a/b', 'GitHub', { GITHUB_SERVER_URL: 'https://forge.example' }],
	['https://github.com.example/a/b', undefined],
	['https://example.org/github.com/a', undefined],
	['/srv/github.com:a/b', undefined],
	['file:///srv/a.git', undefined],
	['file:///srv/a.git', undefined, { GITHUB_SERVER_URL: 'file:///srv' }],
	['git@github.com:a://b', 'GitHub'],
	['https://', undefined],
	['HTTPS://github.com/a/b', 'GitHub'],
	['git+ssh://git@github.com/a/b', 'GitHub'],
	['GitHub.com:a/b', 'GitHub'],
	['git@@github.com:a/b', undefined],
	['a b@github.com:a/b', undefined],
	['x github.com:a/b', undefined],
	['github.com', undefined],
	['g:a', undefined],
	['https://github.com/a/b', 'GitHub', { GITHUB_SERVER_URL: 'https://forge.example' }],
	['https://github.com/a/b', 'GitHub', { GITHUB_SERVER_URL: '' }],
	['/srv/a', undefined, { GITHUB_SERVER_URL: 'no address' }],
	['forge.example:a', undefined, { GITHUB_SERVER_URL: 'https://forge.example:x' }],
])('%s is at %s', (address, host, environment = {}) => {
	expect(findHostLimits(address, environment)?.host).toBe(host);
});

const limits = {
	...findHostLimits('https://github.com/a/b', {}),
	fileBytes: 10,
	writeBytes: 25,
} as Parameters<typeof verifyWithinLimits>[1];
const put = (path: string, size: number) => ({ kind: 'put', path, bytes: new Uint8Array(size) }) as const;

test('what GitHub takes', () => {
	expect(findHostLimits('git@github.com:a/b', {})).toEqual({
		host: 'GitHub',
		fileBytes: 104_857_600,
		advisedFileBytes: 52_428_800,
		writeBytes: 2_147_483_648,
		siteBytes: 1_073_741_824,
		document: expect.stringMatching(/^https:\/\/docs\.github\.com\/.*large-files/),
	});
});

test('files and pushes up to the limits are taken, one byte more is not; anything goes where none are known', () => {
	const most = [put('a', 10), put('b', 10), put('c', 5), { kind: 'remove', path: 'd' } as const];
	verifyWithinLimits(most, limits);
	expect(() => verifyWithinLimits([put('a', 11)], limits)).toThrow(
		expect.objectContaining({
			code: 'STORE_TOO_LARGE',
			message: expect.stringMatching(/^a: .*GitHub takes/),
		}),
	);
	expect(() => verifyWithinLimits([...most, put('e', 1)], limits)).toThrow(
		expect.objectContaining({
			code: 'STORE_TOO_LARGE',
			message:
				'5 files in one push: expected at most 0.1 MiB, which GitHub takes, got 0.1 MiB; nothing was written',
		}),
	);
	verifyWithinLimits([put('a', 1_000)], undefined);
});

test('a file that the host refuses stops a write before its repository is asked anything', async () => {
	const { folder, remote } = await makeRemote();
	// Nobody listens there: who asked would be told.
	const server = 'http://127.0.0.1:9';
	const environment = { ...NOBODY, GITHUB_SERVER_URL: server };
	const store = gitStore({ remote: `${server}/a/b`, branch: 'apt', environment, scratchFolder: folder });
	expect(await store.limits?.()).toMatchObject({ fileBytes: 100 * MIB, advisedFileBytes: 50 * MIB });
	await expect(store.write([put('pool/large.deb', 100 * MIB + 1)])).rejects.toMatchObject({
		code: 'STORE_TOO_LARGE',
		message:
			'pool/large.deb: expected at most 100 MiB, which GitHub takes, got 100.1 MiB; nothing was written',
		hint: expect.stringContaining('https://docs.github.com/'),
	});
	expect(await gitStore({ remote, branch: 'apt', environment: NOBODY }).limits?.()).toBeUndefined();
	expect(await git(remote, 'for-each-ref')).toBe('');
	await rm(folder, { recursive: true, force: true });
});
