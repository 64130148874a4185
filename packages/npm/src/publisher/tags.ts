import { createHash } from 'node:crypto';
import { toPrereleaseTag } from '@slipway/core';

/** npm's default pointer. It cannot be removed once a package exists. */
export const LATEST = 'latest';

const MAX_TAG = 64;

/** The dist-tag under which a version lies before anybody resolves it by default. */
export const toHiddenTag = (version: string): string => {
	const tag = `slipway-${version}`;
	return tag.length <= MAX_TAG
		? tag
		: `slipway-${createHash('sha256').update(version).digest('hex').slice(0, 32)}`;
};

/**
 * The dist-tag that a release moves: the line asked for, else a pre-release's own, else the package's, else `latest`.
 * A pre-release never moves `latest`, whoever asks for it: its own moves then.
 */
export const toPointerTag = (
	version: string,
	{ line, publishTag }: { readonly line: string | undefined; readonly publishTag: string | undefined },
): string => {
	const prerelease = toPrereleaseTag(version);
	if (prerelease !== undefined) return line === undefined || line === LATEST ? prerelease : line;
	return line ?? publishTag ?? LATEST;
};
