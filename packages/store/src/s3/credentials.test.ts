import { readCredentials } from './credentials.ts';

const ID = { AWS_ACCESS_KEY_ID: 'id' };
const SECRET = { AWS_SECRET_ACCESS_KEY: 'the-secret' };

test('credentials are read, or there are none', () => {
	expect(readCredentials({})).toBeUndefined();
	expect(readCredentials({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })).toBeUndefined();
	expect(readCredentials({ ...ID, ...SECRET, AWS_SESSION_TOKEN: '' })).toEqual({
		accessKeyId: 'id',
		secretAccessKey: 'the-secret',
		sessionToken: undefined,
	});
	expect(readCredentials({ ...ID, ...SECRET, AWS_SESSION_TOKEN: 't' })?.sessionToken).toBe('t');
});

test.each([
	[ID, 'AWS_SECRET_ACCESS_KEY is not set'],
	[SECRET, 'AWS_ACCESS_KEY_ID is not set'],
	[{ ...ID, AWS_SECRET_ACCESS_KEY: 'the-secret\n' }, 'AWS_SECRET_ACCESS_KEY holds'],
	[{ ...ID, ...SECRET, AWS_SESSION_TOKEN: 'the-secret x' }, 'AWS_SESSION_TOKEN holds'],
])('%j is refused, and not quoted', (environment, problem) => {
	let error: unknown;
	try {
		readCredentials(environment);
	} catch (thrown) {
		error = thrown;
	}
	expect(error).toMatchObject({ code: 'STORE_FORBIDDEN', message: expect.stringContaining(problem) });
	expect(String(error)).not.toContain('the-secret');
});
