import { type Context, type Finding, record, toPrintable } from '@slipway/core';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import { toReading } from '../registry/read-packument.ts';
import { parseBody, toReplyMessage } from '../registry/reply-body.ts';
import type { Target } from './target.ts';

export const toFinding = (
	severity: Finding['severity'],
	code: NpmCode,
	text: { readonly message: string; readonly hint: string },
): Finding => ({ severity, code, ...text });

const SKEW_WARNING_MS = 60_000;
const SKEW_ERROR_MS = 5 * 60_000;

const toSkewFinding = (date: string | null, now: number): readonly Finding[] => {
	const server = date === null ? Number.NaN : Date.parse(date);
	const skew = Math.abs(now - server);
	if (Number.isNaN(server) || skew <= SKEW_WARNING_MS) return [];
	const text = {
		message: `expected this clock to agree with the registry's, it differs by ${Math.round(skew / 1000)} s`,
		hint: 'Set the clock of this machine (NTP): tokens and signatures depend on it.',
	};
	return [toFinding(skew > SKEW_ERROR_MS ? 'error' : 'warning', 'NPM_CLOCK_SKEW', text)];
};

/** Is the registry there, and do the clocks agree? */
export const checkRegistry = async (target: Target, context: Context): Promise<readonly Finding[]> => {
	const reply = await target.registry.read('-/ping', { context, authorization: undefined });
	if (reply.kind === 'reply' && reply.status < 500)
		return toSkewFinding(reply.headers.get('date'), context.clock.now());
	const reason = reply.kind === 'lost' ? reply.reason : `${reply.status} ${toReplyMessage(reply.body)}`;
	return [
		toFinding('error', 'NPM_REGISTRY_UNREACHABLE', {
			message: `the registry ${target.registry.url} did not answer: ${reason}`,
			hint: 'Check `registry`, the network and the proxy, then run the same command again.',
		}),
	];
};

const NO_CREDENTIALS = {
	message: 'expected a token or trusted publishing for npm, found neither',
	hint: 'On GitHub: add `id-token: write` to the permissions of the job and a trusted publisher to the package. Elsewhere: set NODE_AUTH_TOKEN or run `npm login`.',
};

/** The configured token is known to the registry. Registries without this call say nothing. */
const checkToken = async (target: Target, context: Context): Promise<readonly Finding[]> => {
	const authorization = await target.credentials.authorize('', 'mark', context);
	const reply = await target.registry.read('-/whoami', { context, authorization });
	if (reply.kind !== 'reply' || (reply.status !== 401 && reply.status !== 403)) return [];
	return [
		toFinding('error', 'NPM_TOKEN_REFUSED', {
			message: `the registry does not accept the configured token: ${reply.status} ${toReplyMessage(reply.body)}`,
			hint: 'It may have expired (granular tokens last 90 days at most). Make a new one with write access.',
		}),
	];
};

const Access = record(v.string(), v.string());

/** The token's user is listed with the package, and only as a reader. Registries without this call say nothing. */
export const checkAccess = async (
	target: Target,
	name: string,
	context: Context,
): Promise<readonly Finding[]> => {
	if (!target.credentials.kind.endsWith('token')) return [];
	const authorization = await target.credentials.authorize(name, 'mark', context);
	const ask = async (path: string) => {
		const reading = toReading(await target.registry.read(path, { context, authorization }));
		const parsed = v.safeParse(Access, reading.state === 'found' ? parseBody(reading.value) : undefined);
		return parsed.success ? parsed.output : {};
	};
	const { username } = await ask('-/whoami');
	const access = await ask(`-/package/${toEscapedName(name)}/collaborators?format=cli`);
	const right = username === undefined ? undefined : access[username];
	if (right === undefined || right.includes('write')) return [];
	return [
		toFinding('error', 'NPM_NO_WRITE_RIGHT', {
			message: `${name}: expected ${toPrintable(username ?? '', 100)} to have write access, got ${toPrintable(right, 40)}`,
			hint: 'Ask an owner of the package for write access, or use a token of somebody who has it.',
		}),
	];
};

/** @param marks whether deprecating is part of what is to be done now */
export const checkCredentials = async (
	target: Target,
	context: Context,
	marks: boolean,
): Promise<readonly Finding[]> => {
	const { kind } = target.credentials;
	if (kind === 'none')
		return [toFinding(target.needsCredentials ? 'error' : 'warning', 'NPM_NO_CREDENTIALS', NO_CREDENTIALS)];
	if (kind !== 'oidc') return checkToken(target, context);
	return [
		toFinding('warning', 'NPM_DEPRECATE_NEEDS_TOKEN', {
			message: `trusted publishing cannot deprecate${marks ? '' : ', so a rollback could only move dist-tags'}`,
			hint: 'Give the rollback job a granular token with write access (NODE_AUTH_TOKEN).',
		}),
	];
};
