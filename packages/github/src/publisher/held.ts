import { type Context, SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';
import { type Marker, parseMarker } from '../release/marker.ts';
import { type Release, readDrafts, readReleaseById, readReleaseByTag } from '../release/release.ts';
import { restOf, type Target, toTag } from './target.ts';

/** A release with the marker in its text. */
export interface Marked {
	readonly release: Release;
	readonly marker: Marker;
}

/** What the repository holds under the tag of one version. */
export interface Held {
	readonly published: Release | undefined;
	/** Ours, by its marker. */
	readonly draft: Marked | undefined;
	/** Drafts of others that name the same tag. */
	readonly strangers: readonly Release[];
}

const toOwn = ({ project }: Target, version: string, release: Release): Marked | undefined => {
	const marker = parseMarker(release.body);
	return marker?.project === project && marker.version === version ? { release, marker } : undefined;
};

/** Was it made by Slipway for this project and version? */
export const isOwn = (target: Target, version: string, release: Release): boolean =>
	toOwn(target, version, release) !== undefined;

const toDuplicates = ({ rest }: Target, drafts: readonly Marked[]): SlipwayError => {
	const ids = drafts.map(({ release }) => release.id);
	return new SlipwayError<GitHubCode>(
		'GITHUB_DRAFTS_DUPLICATE',
		`expected one draft for this version in ${rest.repository}, got ${drafts.length}: ${ids.join(', ')}`,
		{
			hint: `Delete all but one, for example \`gh api --method DELETE repos/${rest.repository}/releases/${ids.at(-1)}\`, and run the same command again.`,
		},
	);
};

/** The draft that was seen before, if it still is one. */
const readSeen = async (target: Target, version: string, context: Context): Promise<Marked | undefined> => {
	const { draft: id } = target.seen;
	if (id === undefined || version !== target.version) return undefined;
	const release = await readReleaseById(restOf(target, context), id);
	return release?.draft ? toOwn(target, version, release) : undefined;
};

/**
 * Looks up a version: its published release by tag, drafts by their marker (a lookup by tag does not see drafts).
 * @throws SlipwayError GITHUB_DRAFTS_DUPLICATE, and GITHUB_* where the API does not say
 */
export const readHeld = async (target: Target, version: string, context: Context): Promise<Held> => {
	const tag = toTag(target, version);
	const rest = restOf(target, context);
	const published = await readReleaseByTag(rest, tag);
	if (published) return { published, draft: undefined, strangers: [] };
	const drafts = await readDrafts(rest);
	const own = drafts.flatMap((release) => toOwn(target, version, release) ?? []);
	if (own.length > 1) throw toDuplicates(target, own);
	const [draft] = own;
	if (draft && version === target.version) target.seen.draft = draft.release.id;
	const strangers = drafts.filter((release) => release.tag_name === tag && release !== draft?.release);
	return { published: undefined, draft, strangers };
};

/** As readHeld, but goes on with the draft that was seen before, in one request: for what is asked once a file. */
export const readKnown = async (target: Target, version: string, context: Context): Promise<Held> => {
	const draft = await readSeen(target, version, context);
	return draft ? { published: undefined, draft, strangers: [] } : readHeld(target, version, context);
};
