import { SlipwayError, toPrintable } from '@slipway/core';
import * as v from 'valibot';
import type { GitHubCode } from '../code.ts';

/** Longest text of an issue or comment that the API takes, in characters. */
export const MAX_BODY = 65_536;

const MARKER = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$/;

/** The first line of what is ours: invisible where it is shown. @throws SlipwayError GITHUB_MARKER_INVALID */
export const toMarkerLine = (marker: string): string => {
	if (MARKER.test(marker) && !marker.includes('--')) return `<!-- slipway:${marker} -->`;
	throw new SlipwayError<GitHubCode>(
		'GITHUB_MARKER_INVALID',
		`expected letters, digits and . _ : / @ -, got ${toPrintable(JSON.stringify(marker), 100)}`,
		{ hint: 'Name the issue or comment by project and operation.' },
	);
};

const CUT = '\n\n*(cut: the text is longer than the API takes)*';

/** Marker and text, cut to what the API takes. */
export const toMarkedBody = (marker: string, body: string): string => {
	const full = `${toMarkerLine(marker)}\n${body}`;
	if (full.length <= MAX_BODY) return full;
	// No half of a surrogate pair is left at the end.
	return full.slice(0, MAX_BODY - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
};

/** Who wrote something. Deleted accounts are null. */
export const Author = v.nullish(v.object({ login: v.string() }));

/** Made by us: by this actor, and with the marker as its first line. Foreign text that holds a marker is not. */
export const isOurs = (
	{
		body,
		user,
	}: { readonly body?: string | null | undefined; readonly user?: { login: string } | null | undefined },
	marker: string,
	actor: string,
): boolean => user?.login === actor && (body ?? '').split(/\r?\n/, 1)[0] === toMarkerLine(marker);
