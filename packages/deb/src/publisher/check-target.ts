import type { Context, Finding } from '@slipway/core';
import { checkSigningKey } from '../repository/check-key.ts';
import type { AptCode } from '../repository/error.ts';
import { verifyClock } from '../repository/next-release.ts';
import { attempt } from './findings.ts';
import type { Apt } from './options.ts';

const checkKey = async ({ options }: Apt, { clock }: Context): Promise<readonly Finding[]> => {
	if (options.signingKey) return checkSigningKey(options.signingKey, clock.now());
	return [
		{
			severity: (options.needsCredentials ?? true) ? 'error' : 'warning',
			code: 'APT_KEY_MISSING' satisfies AptCode,
			message: 'expected the signing key of the repository, got none',
			hint: 'Give this job the variable or file named under `signing-key` of the target.',
		},
	];
};

const checkServer = async ({ served, options }: Apt, { signal }: Context): Promise<readonly Finding[]> => {
	if ((await served.clock(signal)) !== null) return [];
	return [
		{
			severity: 'warning',
			code: 'APT_SERVER_UNREACHABLE' satisfies AptCode,
			message: `${options.target.url} does not answer with a date: the clock could not be compared, and verification will fail until it answers`,
			hint: 'Start the web server of the repository, or correct `url` of the target.',
		},
	];
};

/** A store that compares by its server shows that it does; a job that will not write there may have no right to. */
const checkConditions = async ({ options }: Apt): Promise<readonly Finding[]> => {
	if (!(options.needsCredentials ?? true)) return [];
	const { findings } = await attempt(async () => options.store.verifyConditions?.());
	return findings;
};

/**
 * What must be right before anything is signed: the key, this clock, the server that users (and verification) reach, a
 * store that compares before it writes.
 */
export const checkTarget = async (apt: Apt, context: Context): Promise<readonly Finding[]> => {
	const [key, server, clock, conditions] = await Promise.all([
		checkKey(apt, context),
		checkServer(apt, context),
		attempt(() => verifyClock(apt.repository, context)),
		checkConditions(apt),
	]);
	return [...key, ...server, ...clock.findings, ...conditions];
};
