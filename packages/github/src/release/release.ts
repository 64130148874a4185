import * as v from 'valibot';
import { toRestError } from '../rest/failure.ts';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';

/** A file of a release. `starter`: an upload that never came to its end; only `uploaded` ones hold bytes. */
export const Asset = v.object({
	id: v.number(),
	name: v.string(),
	label: v.nullish(v.string()),
	state: v.string(),
	size: v.number(),
	/** `sha256:HEX`, computed by GitHub; older enterprise servers name none. */
	digest: v.nullish(v.pipe(v.string(), v.regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/))),
	browser_download_url: v.string(),
});
export type Asset = v.InferOutput<typeof Asset>;

/** A release as the API shows it; drafts are shown to writers only. */
export const Release = v.object({
	id: v.number(),
	tag_name: v.string(),
	name: v.nullish(v.string()),
	body: v.nullish(v.string()),
	draft: v.boolean(),
	prerelease: v.boolean(),
	immutable: v.optional(v.boolean(), false),
	upload_url: v.string(),
	html_url: v.string(),
	assets: v.array(Asset),
});
export type Release = v.InferOutput<typeof Release>;

/** From so many on the list is read by itself: what is embedded in a release may be cut. */
const EMBEDDED_LIMIT = 30;

const withAllAssets = async (rest: GitHubRest, release: Release): Promise<Release> => {
	if (release.assets.length < EMBEDDED_LIMIT) return release;
	const path = pathOf`releases/${release.id}/assets`;
	const reply = await askPatiently(rest, () => readPages(rest, { path, item: Asset }));
	if (reply.kind === 'ok') return { ...release, assets: [...reply.value] };
	throw toRestError(`assets of ${release.tag_name} in ${rest.repository}`, reply);
};

const readOne = async (rest: GitHubRest, path: string, what: string): Promise<Release | undefined> => {
	const reply = await askPatiently(rest, () => rest.send({ path, schema: Release }));
	if (reply.kind === 'ok') return withAllAssets(rest, reply.value);
	if (reply.kind === 'not-found') return undefined;
	throw toRestError(`${what} of ${rest.repository}`, reply);
};

/** @throws SlipwayError GITHUB_* where the API does not say */
export const readReleaseById = (rest: GitHubRest, id: number): Promise<Release | undefined> =>
	readOne(rest, pathOf`releases/${id}`, `release ${id}`);

/** The published release of a tag. @throws SlipwayError GITHUB_* where the API does not say */
export const readReleaseByTag = (rest: GitHubRest, tag: string): Promise<Release | undefined> =>
	readOne(rest, pathOf`releases/tags/${tag}`, `release ${tag}`);

/** The tag that `latest` names; null: none. @throws SlipwayError GITHUB_* where the API does not say */
export const readLatest = async (rest: GitHubRest): Promise<string | null> =>
	(await readOne(rest, 'releases/latest', 'the latest release'))?.tag_name ?? null;

/** Every draft that this token may see. @throws SlipwayError GITHUB_* where the API does not say */
export const readDrafts = async (rest: GitHubRest): Promise<readonly Release[]> => {
	const reply = await askPatiently(rest, () =>
		readPages(rest, { path: 'releases', item: Release, perPage: 30 }),
	);
	if (reply.kind !== 'ok') throw toRestError(`releases of ${rest.repository}`, reply);
	const drafts = reply.value.filter(({ draft }) => draft);
	return Promise.all(drafts.map((draft) => withAllAssets(rest, draft)));
};
