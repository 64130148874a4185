/** A file of a release. `starter`: its upload began and never ended. */
export interface Asset {
	readonly id: number;
	name: string;
	label: string | null;
	readonly mediaType: string;
	readonly state: 'starter' | 'uploaded';
	readonly uploader: string;
	/** ms since 1970. */
	readonly createdAt: number;
	/** What readers get. */
	bytes: Uint8Array;
	/** `sha256:` and hexadecimal digits; null for a starter. */
	digest: string | null;
	downloads: number;
}

export interface Release {
	readonly id: number;
	readonly author: string;
	/** In place of the tag in addresses of a draft. */
	readonly slug: string;
	tag: string;
	target: string;
	name: string | null;
	body: string | null;
	isDraft: boolean;
	isPrerelease: boolean;
	/** Published while the repository's setting was on: assets and tag are locked. */
	isImmutable: boolean;
	/** Never `latest` unless it is asked for. */
	isPassedOver: boolean;
	/** Of the commit once it is published. */
	createdAt: number;
	publishedAt: number | null;
	updatedAt: number;
	assets: Asset[];
}

/** Of several published at once, the later one. */
const isNewer = (a: Release, b: Release): number => b.createdAt - a.createdAt || b.id - a.id;

const mayBeLatest = (release: Release | undefined): release is Release =>
	release !== undefined && !release.isDraft && !release.isPrerelease;

/** Drafts and pre-releases never are; where nobody has said which one is, the newest. */
export const findLatest = (releases: readonly Release[], chosen: number | undefined): Release | undefined => {
	const asked = releases.find(({ id }) => id === chosen);
	if (mayBeLatest(asked)) return asked;
	return releases.filter((release) => mayBeLatest(release) && !release.isPassedOver).toSorted(isNewer)[0];
};

/** The published one of a tag: drafts have no tag yet. */
export const findByTag = (releases: readonly Release[], tag: string): Release | undefined =>
	releases.find((release) => !release.isDraft && release.tag === tag);

/** As GitHub renames what it is given: `~` of Debian versions, blanks and most signs become full stops. */
export const toAssetName = (name: string): string =>
	name
		.replace(/[^A-Za-z0-9._@+-]/g, '.')
		.replace(/\.{2,}/g, '.')
		.replace(/^\.+|\.+$/g, '') || 'default';
