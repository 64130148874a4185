import { trimEndOf } from '@slipway/core';
import { createHttpClient, type HttpClient, type HttpReply, toTransferTimeout } from '@slipway/http';
import { toAptError } from '../repository/error.ts';
import type { ServerClock } from '../repository/repository.ts';

/** The repository as users reach it: over HTTP, below one address. */
export interface ServedFiles {
	/** null: not there. The larger `maxBytes`, the longer it may take. @throws SlipwayError APT_SERVER_UNREACHABLE for everything but a whole reply or a 404 */
	get(
		path: string,
		options: { readonly maxBytes: number; readonly signal: AbortSignal },
	): Promise<Uint8Array | null>;
	/** The server's time now; null where it is not reached or does not say. */
	readonly clock: ServerClock;
}

const SECOND_MS = 1000;

const unreachable = (url: string, path: string, problem: string) =>
	toAptError(
		'APT_SERVER_UNREACHABLE',
		`${url}/${path}: expected the file, got ${problem}`,
		'Look whether the web server of the repository runs, and whether `url` of the target names it.',
	);

const toServerTime = (reply: HttpReply): number | null => {
	if (reply.kind !== 'reply') return null;
	const date = Date.parse(reply.headers.get('date') ?? '');
	// A cache on the way repeats the Date of when it fetched, and says how long ago that was (RFC 9111, 5.1).
	const age = Number(reply.headers.get('age') ?? 0);
	// Cut to whole seconds by HTTP: the middle of that second.
	return Number.isNaN(date) ? null : date + (Number.isFinite(age) ? age : 0) * SECOND_MS + SECOND_MS / 2;
};

/** @param url without credentials, for example `https://example.org/apt` */
export const openServedFiles = (
	url: string,
	client: HttpClient = createHttpClient({ origin: new URL(url).origin }),
): ServedFiles => {
	const base = new URL(url);
	const address = `${base.origin}${trimEndOf(base.pathname, '/')}`;
	const toPath = (path: string): string =>
		`${trimEndOf(base.pathname, '/')}/${path.split('/').map(encodeURIComponent).join('/')}`;
	return {
		get: async (path, { maxBytes, signal }) => {
			const timeoutMs = toTransferTimeout(maxBytes);
			const reply = await client.send({ method: 'GET', path: toPath(path), maxBytes, timeoutMs, signal });
			if (reply.kind === 'lost') throw unreachable(address, path, reply.reason);
			if (reply.status === 404) return null;
			if (reply.status !== 200) throw unreachable(address, path, `HTTP status ${reply.status}`);
			return reply.body;
		},
		clock: async (signal) =>
			toServerTime(await client.send({ method: 'HEAD', path: toPath('dists/'), signal, timeoutMs: 10_000 })),
	};
};
