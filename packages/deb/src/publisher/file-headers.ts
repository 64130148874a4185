import type { FileHeaders } from '@slipway/store';

const IMMUTABLE = 'public, max-age=31536000, immutable';
const TEXT = 'text/plain; charset=utf-8';

/**
 * What the files of an apt repository are served with where they are served straight from the store (a bucket). What never
 * changes under its name is kept for ever: the pool, by-hash copies of the indexes and archived Releases. All else (InRelease
 * above all, Release, Release.gpg and the plain paths of the indexes) is asked about before each use.
 */
export const toFileHeaders = (path: string): FileHeaders => {
	if (/^pool\//.test(path)) return { cacheControl: IMMUTABLE };
	if (/^dists\/.*\/by-hash\//.test(path)) return { cacheControl: IMMUTABLE };
	if (/^history\//.test(path)) return { cacheControl: IMMUTABLE, contentType: TEXT };
	return /\/(?:InRelease|Release|Packages)$/.test(path)
		? { cacheControl: 'no-cache', contentType: TEXT }
		: { cacheControl: 'no-cache' };
};
