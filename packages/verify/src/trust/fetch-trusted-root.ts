import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MIRROR_URL, initTUF } from '@sigstore/tuf';
import { toMessage } from '@slipway/core';
import { toRefusal } from '../error.ts';

export interface TufRequest {
	/** Address of the TUF repository. Default: the public instance. */
	readonly mirror?: string;
	/** Path of the first root.json of a mirror that is not the public instance: where its trust begins. */
	readonly rootPath?: string;
	/** Default: `slipway/tuf` in the user's cache folder (XDG_CACHE_HOME, ~/.cache). */
	readonly cacheDir?: string;
	readonly timeoutMs?: number;
}

export const PUBLIC_MIRROR = DEFAULT_MIRROR_URL;
const TARGET = 'trusted_root.json';

const toCacheDir = ({ XDG_CACHE_HOME: cache }: NodeJS.ProcessEnv): string =>
	join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'slipway', 'tuf');

/**
 * Fetches the trusted root through TUF: signed by the keepers of the instance, never older than what was seen before.
 * What was fetched stays in the cache folder.
 * @throws SlipwayError VERIFY_TRUST_UNAVAILABLE
 */
export const fetchTrustedRoot = async (request: TufRequest): Promise<Uint8Array> => {
	const {
		mirror = PUBLIC_MIRROR,
		rootPath,
		cacheDir = toCacheDir(process.env),
		timeoutMs = 10_000,
	} = request;
	try {
		mkdirSync(cacheDir, { recursive: true });
		const client = await initTUF({
			mirrorURL: mirror,
			cachePath: cacheDir,
			...(rootPath !== undefined && { rootPath }),
			timeout: timeoutMs,
			retry: { retries: 2 },
		});
		return new TextEncoder().encode(await client.getTarget(TARGET));
	} catch (thrown) {
		const cause = thrown instanceof Error && thrown.cause ? ` (${toMessage(thrown.cause)})` : '';
		throw toRefusal(
			'VERIFY_TRUST_UNAVAILABLE',
			`expected a trusted root from ${mirror}, got: ${toMessage(thrown)}${cause}`,
			thrown,
		);
	}
};

interface Seeds {
	readonly [mirror: string]: { readonly targets: Readonly<Record<string, string>> } | undefined;
}

/**
 * The public instance's root as this version of the Sigstore library carries it.
 * @throws SlipwayError VERIFY_TRUST_UNAVAILABLE where it carries none
 */
export const readPinnedRoot = async (): Promise<Uint8Array> => {
	const seeds: Seeds = (await import('@sigstore/tuf/seeds.json', { with: { type: 'json' } })).default;
	const target = seeds[PUBLIC_MIRROR]?.targets[TARGET];
	if (target === undefined)
		throw toRefusal(
			'VERIFY_TRUST_UNAVAILABLE',
			`the Sigstore library carries no ${TARGET} of ${PUBLIC_MIRROR}`,
		);
	return Buffer.from(target, 'base64');
};
