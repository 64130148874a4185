import type { Digest } from '@slipway/core';
import type { Asset, Release } from './release.ts';

/** A file that belongs into a release. */
export interface ReleaseFile {
	readonly name: string;
	readonly mediaType: string;
	/** Bytes. */
	readonly size: number;
	readonly digest: Pick<Digest, 'sha256'>;
	/** The bytes, compared with the digest once more. @throws SlipwayError where they are others */
	read(): Promise<Uint8Array>;
}

/**
 * GitHub renames what it does not like in a name (it writes dots) and does not say which signs these are. Names with one
 * key cannot lie in one release side by side.
 */
export const toNameKey = (name: string): string =>
	name.replace(/[^A-Za-z0-9_-]+/g, '.').replace(/^\.|\.$/g, '');

/** The asset of a file: by the name that GitHub gave it. */
export const findAsset = (
	{ assets }: Pick<Release, 'assets'>,
	{ name }: { readonly name: string },
): Asset | undefined =>
	assets.find((asset) => asset.name === name) ??
	assets.find((asset) => toNameKey(asset.name) === toNameKey(name));

/** sha256 in hexadecimal as GitHub computed it; undefined where it did not (yet). */
export const toAssetSha256 = ({ digest }: Asset): string | undefined =>
	digest?.startsWith('sha256:') ? digest.slice('sha256:'.length) : undefined;

/** What lies there for a file, by digest. `broken`: an upload without an end. `silent`: GitHub names no digest. */
export const compareAsset = (
	release: Pick<Release, 'assets'>,
	file: Pick<ReleaseFile, 'name' | 'digest'>,
): 'absent' | 'broken' | 'silent' | 'match' | 'differs' => {
	const asset = findAsset(release, file);
	if (!asset) return 'absent';
	if (asset.state !== 'uploaded') return 'broken';
	const sha256 = toAssetSha256(asset);
	if (sha256 === undefined) return 'silent';
	return sha256 === file.digest.sha256 ? 'match' : 'differs';
};
