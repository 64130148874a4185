import type { Artifact } from '@slipway/core';
import { type Context, compareVersions, type Finding, findVersionProblem, SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';
import { type ReleaseFile, toNameKey } from '../release/asset-file.ts';
import { toMarker } from '../release/marker.ts';
import { toFinding } from './errors.ts';
import { type Held, isOwn } from './held.ts';
import { verifyTag } from './seal-checks.ts';
import type { Target } from './target.ts';

/** What the API takes of one release (releases documentation, "Storage and bandwidth quotas"). */
const MAX_ASSETS = 1000;
const MAX_ASSET_BYTES = 2 * 1024 ** 3;

const checkNames = (files: readonly ReleaseFile[]): readonly Finding[] => {
	const keys = files.map(({ name }) => toNameKey(name));
	const at = keys.findIndex((key, index) => keys.indexOf(key) !== index);
	if (at === -1) return [];
	const other = files[keys.indexOf(keys[at] ?? '')]?.name;
	const text = {
		message: `expected names that GitHub tells apart, got ${other} and ${files[at]?.name}`,
		hint: 'Rename one: GitHub writes a dot for every sign but letters, digits and - _.',
	};
	return [toFinding('error', 'GITHUB_ASSET_NAMES', text)];
};

/** Names, sizes and number of the files are such that a release can hold them. */
export const checkFiles = (files: readonly ReleaseFile[]): readonly Finding[] => {
	const findings = [...checkNames(files)];
	const hint = 'Leave it out of the build, or pack files together.';
	if (files.length > MAX_ASSETS) {
		const message = `expected at most ${MAX_ASSETS} files in a release, got ${files.length}`;
		findings.push(toFinding('error', 'GITHUB_ASSETS_LIMIT', { message, hint }));
	}
	for (const { name, size } of files.filter(({ size }) => size === 0 || size >= MAX_ASSET_BYTES)) {
		const message = `${name}: expected 1 byte to 2 GiB, got ${size} bytes: GitHub takes no such file`;
		findings.push(toFinding('error', 'GITHUB_ASSETS_LIMIT', { message, hint }));
	}
	return findings;
};

/** A missing tag is no error yet: a plan may be looked at before the tag is made. Sealing refuses without it. */
export const checkTag = async (
	target: Target,
	tag: string,
	context: Context,
): Promise<readonly Finding[]> => {
	try {
		await verifyTag(target, { tag }, context);
		return [];
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError)) throw thrown;
		const { code, message, hint } = thrown as SlipwayError<GitHubCode>;
		return [toFinding(code === 'GITHUB_TAG_MISSING' ? 'warning' : 'error', code, { message, hint })];
	}
};

interface Wanted {
	readonly tag: string;
	readonly artifacts: readonly Artifact[];
}

const checkPublished = (target: Target, { published }: Held, { tag }: Wanted): readonly Finding[] => {
	if (!published || isOwn(target, target.version, published)) return [];
	const text = published.immutable
		? {
				message: `the tag ${tag} has an immutable release that was made by something else: its name is used up`,
				hint: 'Release a higher version.',
			}
		: {
				message: `the tag ${tag} has a published release that was made by something else`,
				hint: `Delete that release and keep the tag: \`gh release delete ${tag} --yes --repo ${target.rest.repository}\`. Or release a higher version.`,
			};
	return [toFinding('error', published.immutable ? 'GITHUB_TAG_BURNT' : 'GITHUB_RELEASE_EXISTS', text)];
};

/** A release or draft of this version that was made for other bytes stops the plan. */
const checkContents = (target: Target, held: Held, { tag, artifacts }: Wanted): readonly Finding[] => {
	const { contents } = toMarker(target.project, target.version, artifacts);
	const { draft } = held;
	if (!draft || draft.marker.contents === contents) return [];
	const text = {
		message: `${tag}: a draft of this version (release ${draft.release.id}) was made for other bytes`,
		hint: `It was left by another build. Delete it if nobody needs it: \`gh api --method DELETE repos/${target.rest.repository}/releases/${draft.release.id}\`.`,
	};
	return [toFinding('error', 'GITHUB_DRAFT_OTHER', text)];
};

const checkStrangers = ({ strangers }: Held, { tag }: Wanted): readonly Finding[] =>
	strangers.map(({ id }) =>
		toFinding('warning', 'GITHUB_DRAFT_STRANGER', {
			message: `another draft (release ${id}) names the tag ${tag} too`,
			hint: 'Delete it if nobody needs it: two drafts of one tag confuse people.',
		}),
	);

/** What is held for this version already. */
export const checkHeld = (target: Target, held: Held, wanted: Wanted): readonly Finding[] => [
	...checkPublished(target, held, wanted),
	...checkContents(target, held, wanted),
	...checkStrangers(held, wanted),
];

/** The version that a tag names; undefined for tags of another form. */
export const toVersion = ({ tagPrefix }: Pick<Target, 'tagPrefix'>, tag: string): string | undefined => {
	const version = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : '';
	return findVersionProblem(version) === undefined ? version : undefined;
};

/** A version below the latest one moves nothing by default. */
export const checkOrder = (target: Target, latest: string | null): readonly Finding[] => {
	const newest = latest === null ? undefined : toVersion(target, latest);
	if (newest === undefined || compareVersions(target.version, newest) >= 0) return [];
	const text = {
		message: `expected a version above ${newest}, which is the latest release, got ${target.version}`,
		hint: 'Publish it beside the latest with `--line NAME`, or release a higher version.',
	};
	return [toFinding('error', 'GITHUB_VERSION_BELOW_LATEST', text)];
};
