import { hashBytes } from '@slipway/archive';
import { createHttpClient } from '@slipway/http';
import type { Asset } from '../release/release.ts';
import { pathOf } from '../rest/path.ts';
import type { GitHubRest, RestDownload } from '../rest/rest.ts';

const MAX_HOPS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

type Download = Exclude<RestDownload, { kind: 'redirect' }>;

const failed = (reason: string, status?: number): Download => ({ kind: 'failed', status, reason });

/** Never from https to http, and never with a user name. */
const toHop = (location: string | null, from: URL): URL | undefined => {
	if (location === null || !URL.canParse(location, from.href)) return undefined;
	const to = new URL(location, from);
	const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
	return isSafe && to.username === '' && to.password === '' ? to : undefined;
};

/**
 * Fetches an address as anybody does: without credentials, whatever servers it is led over. What comes is compared by
 * digest by the caller.
 * @param maxBytes a larger reply is refused
 */
export const downloadAnonymously = async (
	address: URL,
	maxBytes: number,
	signal: AbortSignal,
	hops = MAX_HOPS,
): Promise<Download> => {
	const client = createHttpClient({ origin: address.origin });
	const path = address.pathname + address.search;
	const headers = { accept: 'application/octet-stream' };
	const reply = await client.send({ method: 'GET', path, maxBytes, headers, redirects: 'return', signal });
	if (reply.kind === 'lost') return failed(reply.reason);
	if (reply.status === 200) return { kind: 'bytes', bytes: reply.body };
	if (!REDIRECTS.has(reply.status)) return failed(`${reply.status}`, reply.status);
	const next = toHop(reply.headers.get('location'), address);
	if (!next || hops === 0) return failed('redirected to where nobody may follow');
	return downloadAnonymously(next, maxBytes, signal, hops - 1);
};

/** An asset by the address that users are shown; only on the server that the API belongs to. */
export const downloadAsUser = (rest: GitHubRest, asset: Asset): Promise<Download> | Download => {
	const { web, api } = rest.origins;
	const address = URL.canParse(asset.browser_download_url) ? new URL(asset.browser_download_url) : undefined;
	if (!address || ![web, api].includes(address.origin)) return failed('its address is on another server');
	return downloadAnonymously(address, asset.size + 1, rest.scope.signal);
};

/** An asset over the API, with the token: drafts and private repositories. Where it leads to, the token does not go. */
export const downloadAsWriter = async (rest: GitHubRest, asset: Asset): Promise<Download> => {
	const reply = await rest.download({ path: pathOf`releases/assets/${asset.id}`, maxBytes: asset.size + 1 });
	if (reply.kind !== 'redirect') return reply;
	const next = toHop(reply.location, new URL(rest.origins.api));
	return next
		? downloadAnonymously(next, asset.size + 1, rest.scope.signal)
		: failed('redirected to nowhere');
};

/** sha256 of the bytes; undefined where they cannot be had. */
export const hashAsset = async (rest: GitHubRest, asset: Asset): Promise<string | undefined> => {
	const found = await downloadAsWriter(rest, asset);
	return found.kind === 'bytes' ? hashBytes(found.bytes).digest.sha256 : undefined;
};
