import { SlipwayError, toPrintable } from '@slipway/core';
import { createHttpClient, type HttpClient } from '@slipway/http';
import type { GitHubCode } from '../code.ts';
import { type Origins, toOrigins } from './origins.ts';

const JSON_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** Clients of the origins that belong to one API: only they hold its token. */
export interface Wires {
	readonly origins: Origins;
	clientOf(origin: string): HttpClient;
}

/** @throws SlipwayError GITHUB_API_INVALID */
export const toWires = ({
	api,
	token,
	timeoutMs,
}: {
	readonly api: string;
	readonly token?: string | undefined;
	readonly timeoutMs?: number | undefined;
}): Wires => {
	const origins = toOrigins(api);
	const headers = { ...JSON_HEADERS, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
	const limit = timeoutMs === undefined ? {} : { timeoutMs };
	const clients = new Map<string, HttpClient>();
	return {
		origins,
		clientOf: (origin) => {
			const client = clients.get(origin) ?? createHttpClient({ origin, headers, ...limit });
			clients.set(origin, client);
			return client;
		},
	};
};

/** The GraphQL API, as a path of this client. */
export const GRAPHQL_PATH = '/graphql';

/** The path on the origin. Segments that climb are refused: a name from outside must not lead to another call. */
export const toFullPath = ({ basePath }: Origins, repository: string, path: string): string => {
	if (/(^|\/)\.{1,2}(\/|$)/.test(path.split('?', 1)[0] ?? '')) {
		throw new SlipwayError<GitHubCode>(
			'GITHUB_ELSEWHERE',
			`expected a path without . and .., got ${toPrintable(JSON.stringify(path), 200)}`,
			{ hint: 'Look at where this name comes from: no tag, branch or file has it.' },
		);
	}
	// An enterprise server has it beside /api/v3.
	if (path === GRAPHQL_PATH) return `${basePath.replace(/\/v3$/, '')}${path}`;
	if (path.startsWith('/')) return basePath + path;
	return `${basePath}/repos/${repository}${path === '' ? '' : '/'}${path}`;
};
