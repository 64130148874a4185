import { toChangeError, toLostError, toPublishError, toUnreachable } from './errors.ts';
import { toCredentials } from './small-registry.fixture.ts';
import type { Target } from './target.ts';

const target = (kind: Parameters<typeof toCredentials>[0]): Target =>
	({ credentials: toCredentials(kind) }) as Target;

const KINDS = [
	['otp', 401, 'NPM_OTP_NEEDED', 'NPM_OTP_NEEDED'],
	['unauthorized', 401, 'NPM_PUBLISH_UNAUTHORIZED', 'NPM_CHANGE_REFUSED'],
	['blocked', 403, 'NPM_PUBLISH_BLOCKED', 'NPM_CHANGE_REFUSED'],
	['not-found', 404, 'NPM_PUBLISH_NOT_FOUND', 'NPM_CHANGE_REFUSED'],
	['refused', 400, 'NPM_PUBLISH_REFUSED', 'NPM_CHANGE_REFUSED'],
] as const;

test.each(KINDS)('%s: what was refused, in the words of the registry', (kind, status, publish, change) => {
	const refusal = { kind, status, message: 'no' };
	const message = `greet@1.0.0: the registry refused it: ${status} no`;
	expect(toPublishError('greet@1.0.0', refusal, target('token'))).toMatchObject({ code: publish, message });
	expect(toChangeError('greet@1.0.0', refusal, target('token'))).toMatchObject({ code: change, message });
});

test.each([
	['otp', 401, 'token', 'mode: stage'],
	['unauthorized', 401, 'token', 'granular token'],
	['unauthorized', 401, 'oidc', 'trusted publisher'],
	['unauthorized', 401, 'oidc and token', 'trusted publisher'],
	['blocked', 403, 'token', 'rights of the token'],
	['blocked', 403, 'oidc', 'trusted publisher'],
	['not-found', 404, 'token', 'valid for this package'],
	['not-found', 404, 'oidc', 'trusted publisher'],
	['refused', 422, 'token', 'repository.url'],
	['refused', 400, 'token', 'Correct what the registry names'],
] as const)('%s (%d) with %s: the hint names what to do', (kind, status, credentials, hint) => {
	const error = toPublishError('greet', { kind, status, message: 'no' }, target(credentials));
	expect(error.hint).toContain(hint);
	expect(toChangeError('greet', { kind, status, message: 'no' }, target(credentials)).hint).toBe(error.hint);
});

test('what was lost and what could not be asked are told apart', () => {
	expect(toLostError('greet latest', 'reset')).toMatchObject({
		code: 'NPM_REPLY_LOST',
		message: expect.stringContaining('greet latest: reset'),
		hint: expect.stringContaining('Run the same command again'),
	});
	expect(toUnreachable('greet', 'reset')).toMatchObject({
		code: 'NPM_REGISTRY_UNREACHABLE',
		message: expect.stringContaining('greet: the registry did not answer: reset'),
		hint: expect.stringContaining('Nothing was changed'),
	});
});
