import { readFile } from 'node:fs/promises';
import { type Context, toPrintable } from '@slipway/core';
import { findIdTokenService, requestIdToken } from '@slipway/http';
import { toSignError } from '../code.ts';
import { TOKEN_AUDIENCE } from './id-token.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives an identity token for signing; asked again when a new one is needed. What it gives is a secret. */
export type IdentityToken = () => Promise<string>;

/** Where a token lies, where it does not come from the job's own service. */
export interface TokenPlace {
	/** Name of a variable. */
	readonly environment?: string | undefined;
	/** Absolute path; read anew each time, so that whoever renews the token renews the file. */
	readonly file?: string | undefined;
}

export interface TokenSourceOptions {
	readonly place?: TokenPlace | undefined;
	readonly environment: Environment;
	/** Told each token before it is used. */
	readonly onSecret?: ((secret: string) => void) | undefined;
}

const HINT_PERMISSION =
	"Add `id-token: write` to the job's permissions, and to those of the job that calls this workflow; or name a token with `sign: identity:`.";

const missing = (message: string, hint: string, cause?: unknown): Error =>
	toSignError('SIGN_IDENTITY_MISSING', message, { hint, cause });

const readVariable = (name: string, environment: Environment): string => {
	const token = environment[name]?.trim();
	if (token) return token;
	throw missing(
		`expected an identity token in the variable ${name}, got none`,
		`Set ${name}, or correct \`sign: identity: environment:\`.`,
	);
};

const readTokenFile = async (path: string): Promise<string> => {
	const text = await readFile(path, 'utf8').catch((cause) => {
		throw missing(
			`expected an identity token in ${toPrintable(path, 300)}, got no readable file`,
			'Put the token there, or correct `sign: identity: file:`.',
			cause,
		);
	});
	return text.trim();
};

const ATTEMPTS = 3;

/** The job's own service, asked again where no reply came: nothing but one more token comes of it. */
const askService = async (
	service: NonNullable<ReturnType<typeof findIdTokenService>>,
	{ clock, signal }: Pick<Context, 'clock' | 'signal'>,
): Promise<string> => {
	for (let attempt = 1; ; attempt += 1) {
		const reply = await requestIdToken(service, TOKEN_AUDIENCE, signal);
		signal.throwIfAborted();
		if (reply.kind === 'token') return reply.token;
		if (reply.kind === 'refused')
			throw toSignError(
				'SIGN_TOKEN_REFUSED',
				`expected an identity token from the job's service, got ${reply.reason}`,
				{ hint: HINT_PERMISSION },
			);
		if (attempt === ATTEMPTS)
			throw toSignError(
				'SIGN_SERVICE_UNREACHABLE',
				`the job's token service: expected a reply, got ${reply.reason} in ${ATTEMPTS} attempts`,
				{ hint: 'Nothing was signed. Run the job again.' },
			);
		await clock.sleep(500 * attempt, signal);
	}
};

/**
 * Where identity tokens come from: the place that is named, else the service of a GitHub job, else SIGSTORE_ID_TOKEN.
 * One place is chosen by what is there, never because another one failed.
 * @throws SlipwayError SIGN_IDENTITY_MISSING; and from the source it gives: SIGN_TOKEN_REFUSED, SIGN_SERVICE_UNREACHABLE
 */
export const toIdentityToken = (
	{ place, environment, onSecret }: TokenSourceOptions,
	context: Pick<Context, 'clock' | 'signal'>,
): IdentityToken => {
	const tell = async (read: () => Promise<string> | string): Promise<string> => {
		const token = await read();
		onSecret?.(token);
		return token;
	};
	const { environment: name, file } = place ?? {};
	if (file !== undefined) return () => tell(() => readTokenFile(file));
	if (name !== undefined) return () => tell(() => readVariable(name, environment));
	const service = findIdTokenService(environment);
	if (service) return () => tell(() => askService(service, context));
	if (environment.SIGSTORE_ID_TOKEN) return () => tell(() => readVariable('SIGSTORE_ID_TOKEN', environment));
	throw missing(
		'expected an identity to sign with, got none',
		`On GitHub: ${HINT_PERMISSION} Elsewhere: set SIGSTORE_ID_TOKEN, or sign with a key of your own (\`sign: key:\`).`,
	);
};
