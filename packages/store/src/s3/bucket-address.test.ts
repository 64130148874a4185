import { toBucketAddress, toKey, toObjectPath, toQuery } from './bucket-address.ts';

const NOBODY = {};

test.each([
	[{ bucket: 'b-1' }, NOBODY, 'https://b-1.s3.us-east-1.amazonaws.com', '/a%2Bb/c~%20%C3%A4'],
	[
		{ bucket: 'b.1', region: 'eu-central-1' },
		NOBODY,
		'https://s3.eu-central-1.amazonaws.com',
		'/b.1/a%2Bb/c~%20%C3%A4',
	],
	[
		{ bucket: 'b' },
		{ AWS_REGION: 'eu-west-1' },
		'https://b.s3.eu-west-1.amazonaws.com',
		'/a%2Bb/c~%20%C3%A4',
	],
	[
		{ bucket: 'b' },
		{ AWS_DEFAULT_REGION: 'eu-west-2' },
		'https://b.s3.eu-west-2.amazonaws.com',
		'/a%2Bb/c~%20%C3%A4',
	],
	[
		{ bucket: 'b', endpoint: 'https://s3.example.org/' },
		NOBODY,
		'https://s3.example.org',
		'/b/a%2Bb/c~%20%C3%A4',
	],
	[
		{ bucket: 'b', endpoint: 'http://127.0.0.1:9000', folder: 'apt/x' },
		NOBODY,
		'http://127.0.0.1:9000',
		'/b/apt/x/a%2Bb/c~%20%C3%A4',
	],
])('%j', (location, environment, origin, path) => {
	const address = toBucketAddress(location, environment);
	expect(address.origin).toBe(origin);
	expect(toObjectPath(address, toKey(address, 'a+b/c~ ä'))).toBe(path);
});

test.each([
	[{ bucket: 'b' }, 'bucket b'],
	[{ bucket: 'b', folder: 'apt' }, 'bucket b, folder apt'],
	[{ bucket: 'b', endpoint: 'https://s3.example.org/x' }, 'bucket b, at https://s3.example.org'],
])('%j is told as %s', (location, description) => {
	expect(toBucketAddress(location, NOBODY).description).toBe(description);
});

test('every reserved character of a key is encoded', () => {
	const address = toBucketAddress({ bucket: 'b' }, NOBODY);
	expect(toObjectPath(address, "!'()*?#&=@:;,$%")).toBe('/%21%27%28%29%2A%3F%23%26%3D%40%3A%3B%2C%24%25');
	expect(toQuery({ 'list-type': '2', prefix: 'a/b c' })).toBe('list-type=2&prefix=a%2Fb%20c');
});

test('a key that S3 could not hold is refused', () => {
	const address = toBucketAddress({ bucket: 'b', folder: 'f' }, NOBODY);
	expect(toKey(address, 'ä'.repeat(511))).toHaveLength(513);
	expect(() => toKey(address, 'ä'.repeat(512))).toThrow(
		expect.objectContaining({
			code: 'STORE_PATH_INVALID',
			message: expect.stringContaining('1024 bytes') as string,
		}),
	);
	expect(() => toBucketAddress({ bucket: 'b', folder: '../f' }, NOBODY)).toThrow(
		expect.objectContaining({ code: 'STORE_PATH_INVALID' }),
	);
});
