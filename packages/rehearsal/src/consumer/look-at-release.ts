import { createHash } from 'node:crypto';
import { parseJson, SlipwayError } from '@slipway/core';
import { createHttpClient, type HttpReply } from '@slipway/http';
import * as v from 'valibot';
import type { RehearsalCode } from '../code.ts';
import { toAssetName } from '../github/index.ts';
import type { Look, Place, Wanted } from './look.ts';

const Asset = v.object({
	name: v.string(),
	size: v.number(),
	digest: v.nullable(v.string()),
	browser_download_url: v.string(),
});
const Release = v.object({ tag_name: v.string(), body: v.nullable(v.string()), assets: v.array(Asset) });

const CLIENT = 'anonymous download';
const NOTHING: Look = { version: null, sha256: null, size: 0, client: CLIENT };
const WITHDRAWN = '<!-- slipway-withdrawn -->';

const failed = (message: string): SlipwayError =>
	new SlipwayError<RehearsalCode>('REHEARSAL_CONSUMER_FAILED', message, {
		hint: 'Look at what the embedded GitHub answered; users would see the same.',
	});

/** One request without a token; a redirect is followed wherever it leads, as browsers do. */
const get = async (address: string, signal: AbortSignal): Promise<HttpReply> => {
	const { origin, pathname, search } = new URL(address);
	const reply = await createHttpClient({ origin }).send({
		method: 'GET',
		path: `${pathname}${search}`,
		redirects: 'return',
		signal,
	});
	const next = reply.kind === 'reply' ? reply.headers.get('location') : null;
	return next === null ? reply : get(new URL(next, address).href, signal);
};

const readRelease = async (
	{ name, pointer }: Wanted,
	origin: string,
	signal: AbortSignal,
): Promise<v.InferOutput<typeof Release> | undefined> => {
	const which = pointer === 'latest' ? pointer : `tags/${encodeURIComponent(pointer)}`;
	const reply = await get(`${origin}/repos/${name}/releases/${which}`, signal);
	if (reply.kind === 'reply' && reply.status === 404) return undefined;
	const json = reply.kind === 'reply' ? parseJson(reply.body, 'the release') : null;
	if (v.is(Release, json)) return json;
	throw failed(
		`expected the release ${pointer} of ${name}, got ${reply.kind === 'reply' ? reply.status : reply.reason}`,
	);
};

/** @throws SlipwayError where the bytes are not those that the release tells of */
const download = async (asset: v.InferOutput<typeof Asset>, signal: AbortSignal): Promise<string> => {
	const reply = await get(asset.browser_download_url, signal);
	if (reply.kind !== 'reply' || reply.status !== 200)
		throw failed(`${asset.name}: ${reply.kind === 'reply' ? reply.status : reply.reason}`);
	const sha256 = createHash('sha256').update(reply.body).digest('hex');
	if (asset.digest === `sha256:${sha256}` && asset.size === reply.body.length) return sha256;
	throw failed(`${asset.name}: expected ${asset.digest}, got sha256:${sha256}`);
};

/**
 * Opens a release as anybody can, downloads every file of it and compares each with the digest that is told of it.
 * @throws SlipwayError REHEARSAL_CONSUMER_FAILED
 */
export const lookAtRelease = async (wanted: Wanted, origin: string, { signal }: Place): Promise<Look> => {
	const release = await readRelease(wanted, origin, signal);
	if (release === undefined || release.body?.includes(WITHDRAWN)) return NOTHING;
	const { tagPrefix, name, version: ours } = wanted.file ?? { tagPrefix: '', name: '', version: '' };
	const version = release.tag_name.slice(tagPrefix.length);
	const digests = await Promise.all(release.assets.map((asset) => download(asset, signal)));
	const file = toAssetName(name.replaceAll(ours, version));
	const at = release.assets.findIndex((asset) => asset.name === file);
	return { version, sha256: digests[at] ?? null, size: release.assets[at]?.size ?? 0, client: CLIENT };
};
