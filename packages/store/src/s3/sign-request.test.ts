import { signRequest, toSha256 } from './sign-request.ts';

/** The examples of "Signature Calculations for the Authorization Header" (Amazon S3 API Reference). */
const options = {
	credentials: {
		accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
		secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
	},
	region: 'us-east-1',
	host: 'examplebucket.s3.amazonaws.com',
	now: Date.parse('2013-05-24T00:00:00Z'),
	bodySha256: toSha256(''),
};

const toSignature = (headers: Readonly<Record<string, string>>): string | undefined =>
	/Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];

test.each([
	[
		'GET of an object',
		{ method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' } },
		{},
		'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
	],
	[
		'PUT of an object',
		{
			method: 'PUT',
			path: '/test%24file.text',
			headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
		},
		{ bodySha256: toSha256('Welcome to Amazon S3.') },
		'98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
	],
	[
		'GET of the lifecycle of a bucket',
		{ method: 'GET', path: '/?lifecycle' },
		{},
		'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
	],
	[
		'GET of a list',
		{ method: 'GET', path: '/?prefix=J&max-keys=2' },
		{},
		'34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
	],
] as const)('the signature of a %s is the published one', (_name, request, more, signature) => {
	expect(toSignature(signRequest(request, { ...options, ...more }))).toBe(signature);
});

test('parameters and headers are signed in their order by name, however they come', () => {
	const toOne = (path: string, headers: Record<string, string>) =>
		toSignature(signRequest({ method: 'GET', path, headers }, options));
	const expected = toOne('/?a=1&b=2&c&d=4', { a: '1', b: '2', c: '3' });
	expect(toOne('/?c&a=1&d=4&b=2', { c: '3', a: '1', b: '2' })).toBe(expected);
	expect(toOne('/?b=2&d=4&a=1&c=', { b: '2', c: ' 3 ', a: '1' })).toBe(expected);
	expect(toOne('/?a=1&b=2&c&d=5', { a: '1', b: '2', c: '3' })).not.toBe(expected);
});

test('a session token is sent, signed and makes another signature', () => {
	const request = { method: 'GET', path: '/test.txt' } as const;
	const credentials = { ...options.credentials, sessionToken: 'token-of-a-role' };
	const headers = signRequest(request, { ...options, credentials });
	expect(headers['x-amz-security-token']).toBe('token-of-a-role');
	expect(headers.authorization).toContain(';x-amz-security-token, ');
	expect(toSignature(headers)).not.toBe(toSignature(signRequest(request, options)));
});

test('neither secret is in the headers that name who asks', () => {
	const headers = signRequest({ method: 'GET', path: '/' }, options);
	expect(JSON.stringify(headers)).not.toContain(options.credentials.secretAccessKey);
});
