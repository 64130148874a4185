import { SlipwayError, toPrintable, trimEndOf } from '@slipway/core';
import type { GitHubCode } from '../code.ts';

/** The addresses that belong to one API. Nothing else is ever given the token. */
export interface Origins {
	/** Scheme, host and port of the API. */
	readonly api: string;
	/** Path of the API on its host, without a final slash: empty, or `/api/v3` of an enterprise server. */
	readonly basePath: string;
	/** Where assets may be uploaded to, by the address that a release names. */
	readonly uploads: readonly string[];
	/** Where people and anonymous clients find the repository. */
	readonly web: string;
}

const invalid = (text: string): SlipwayError =>
	new SlipwayError<GitHubCode>(
		'GITHUB_API_INVALID',
		`expected the address of a GitHub API, got ${toPrintable(JSON.stringify(text.replace(/\/\/[^/]*@/, '//')), 200)}`,
		{ hint: 'Set `api` of the target to https://HOST or https://HOST/api/v3, without a user name.' },
	);

const isLoopback = ({ hostname }: URL): boolean =>
	['127.0.0.1', '[::1]', 'localhost'].includes(hostname) || hostname.endsWith('.localhost');

/** Neither credentials nor a query, and encrypted wherever it leaves this machine. */
const isPlain = (url: URL): boolean =>
	[url.username, url.password, url.search, url.hash].every((part) => part === '') &&
	(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));

const withHost = (url: URL, prefix: string): string =>
	`${url.protocol}//${url.host.replace(/^api\./, prefix)}`;

/**
 * What follows from the address of an API: `api.HOST` uploads to `uploads.HOST` and shows itself at `HOST`; an enterprise
 * server (`HOST/api/v3`) does all of it at HOST. Plain http is for loopback alone.
 * @throws SlipwayError GITHUB_API_INVALID
 */
export const toOrigins = (api: string): Origins => {
	const url = URL.canParse(api) ? new URL(api) : undefined;
	if (url === undefined || !isPlain(url)) throw invalid(api);
	const isCloud = url.hostname.startsWith('api.');
	return {
		api: url.origin,
		basePath: trimEndOf(url.pathname, '/'),
		uploads: isCloud ? [url.origin, withHost(url, 'uploads.')] : [url.origin],
		web: isCloud ? withHost(url, '') : url.origin,
	};
};
