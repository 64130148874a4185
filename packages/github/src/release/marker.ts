import { createHash } from 'node:crypto';
import { type Artifact, parseJson, toCanonicalJson } from '@slipway/core';
import * as v from 'valibot';

const ShortDigest = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

/**
 * Which release of Slipway a release at GitHub is: hidden in its text, made of nothing but the project, the version and
 * the bytes, so that every plan for them finds it. `files`: names and the first 16 digits of their sha256, which tell an
 * upload that went wrong from a file of another build.
 */
const Marker = v.object({
	project: v.string(),
	version: v.string(),
	/** What was built; null where that is not under version control. */
	commit: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/))),
	/** sha256 over names and digests of all artifacts. */
	contents: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	files: v.array(v.tuple([v.string(), ShortDigest])),
});
export type Marker = v.InferOutput<typeof Marker>;

type Named = Pick<Artifact, 'name' | 'digest'>;

const byName = (a: readonly [string, string], b: readonly [string, string]): number => (a[0] < b[0] ? -1 : 1);

/** More are not listed: the text of a release is limited. */
const MAX_FILES = 300;

export const toMarker = (
	project: string,
	version: string,
	artifacts: readonly Named[],
	commit: string | null = null,
): Marker => {
	const pairs = artifacts.map(({ name, digest }): [string, string] => [name, digest.sha256]).sort(byName);
	const listed = pairs.length > MAX_FILES ? [] : pairs;
	return {
		project,
		version,
		commit,
		contents: createHash('sha256').update(toCanonicalJson(pairs)).digest('hex'),
		files: listed.map(([name, sha256]) => [name, sha256.slice(0, 16)]),
	};
};

const START = '<!-- slipway-release:';
const END = ' -->';

/** One line, invisible where it is shown. */
export const toMarkerLine = (marker: Marker): string =>
	`${START}${Buffer.from(toCanonicalJson(marker)).toString('base64url')}${END}`;

/** The last marker in a text; undefined where there is none that can be read. */
export const parseMarker = (body: string | null | undefined): Marker | undefined => {
	const text = body ?? '';
	const start = text.lastIndexOf(START);
	if (start === -1) return undefined;
	const encoded = text.slice(start + START.length, text.indexOf(END, start));
	try {
		return v.parse(Marker, parseJson(Buffer.from(encoded, 'base64url'), 'the marker'));
	} catch {
		return undefined;
	}
};

/** Is this file, by name and digest, one that the marker speaks of? Undefined where the marker lists none. */
export const declares = ({ files }: Marker, { name, digest }: Named): boolean | undefined =>
	files.length === 0
		? undefined
		: files.some(([listed, short]) => listed === name && short === digest.sha256.slice(0, 16));
