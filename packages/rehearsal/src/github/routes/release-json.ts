import { type Call, toBase, toTime, toWeb } from '../server/call.ts';
import type { Asset, Release } from '../state/release.ts';
import { toUser } from './users.ts';

type Place = Pick<Call, 'origin' | 'repository'>;

/** What stands for the tag in addresses. */
export const toSlug = ({ isDraft, slug, tag }: Release): string => (isDraft ? slug : tag);

export const toAssetJson = (asset: Asset, release: Release, place: Place) => ({
	url: `${toBase(place)}/releases/assets/${asset.id}`,
	id: asset.id,
	node_id: Buffer.from(`Asset:${asset.id}`).toString('base64'),
	name: asset.name,
	label: asset.label,
	uploader: toUser(asset.uploader, place),
	content_type: asset.mediaType,
	state: asset.state,
	size: asset.bytes.length,
	digest: asset.digest,
	download_count: asset.downloads,
	created_at: toTime(asset.createdAt),
	updated_at: toTime(asset.createdAt),
	browser_download_url: `${toWeb(place)}/releases/download/${encodeURIComponent(toSlug(release))}/${encodeURIComponent(asset.name)}`,
});

export const toReleaseJson = (release: Release, place: Place) => {
	const base = toBase(place);
	const url = `${base}/releases/${release.id}`;
	const uploads = url.replace(`${place.origin}/`, `${place.origin}/api/uploads/`);
	return {
		url,
		assets_url: `${url}/assets`,
		upload_url: `${uploads}/assets{?name,label}`,
		html_url: `${toWeb(place)}/releases/tag/${encodeURIComponent(toSlug(release))}`,
		id: release.id,
		author: toUser(release.author, place),
		node_id: Buffer.from(`Release:${release.id}`).toString('base64'),
		tag_name: release.tag,
		target_commitish: release.target,
		name: release.name,
		draft: release.isDraft,
		immutable: release.isImmutable,
		prerelease: release.isPrerelease,
		created_at: toTime(release.createdAt),
		updated_at: toTime(release.updatedAt),
		published_at: release.publishedAt === null ? null : toTime(release.publishedAt),
		assets: release.assets.map((asset) => toAssetJson(asset, release, place)),
		tarball_url: release.isDraft ? null : `${base}/tarball/${release.tag}`,
		zipball_url: release.isDraft ? null : `${base}/zipball/${release.tag}`,
		body: release.body,
	};
};
