import { type Artifact, type Context, type Presence, SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';
import { compareAsset, findAsset, toAssetSha256 } from '../release/asset-file.ts';
import { declares } from '../release/marker.ts';
import type { Release } from '../release/release.ts';
import { hashAsset } from './download.ts';
import { type Held, type Marked, readKnown } from './held.ts';
import { restOf, type Target } from './target.ts';

const toFound = (release: Release, artifact: Artifact): Presence => {
	const asset = findAsset(release, artifact);
	const sha256 = asset && toAssetSha256(asset);
	return { state: 'mismatch', found: sha256 === undefined ? {} : { sha256 } };
};

/** GitHub named no digest: only the bytes themselves can tell. */
const compareBytes = async (
	target: Target,
	release: Release,
	{ artifact, context }: { readonly artifact: Artifact; readonly context: Context },
): Promise<Presence> => {
	const asset = findAsset(release, artifact);
	if (asset?.size !== artifact.size) return { state: 'mismatch', found: {} };
	const sha256 = await hashAsset(restOf(target, context), asset);
	if (sha256 === undefined)
		return { state: 'pending', waitsFor: 'time', reason: 'GitHub has not computed its digest yet' };
	return sha256 === artifact.digest.sha256 ? { state: 'match' } : { state: 'mismatch', found: { sha256 } };
};

/** Files that go along are put there with any artifact: without them no artifact is there. */
const hasExtras = async (target: Target, release: Release): Promise<boolean> =>
	(await target.extras()).every((file) => ['match', 'silent'].includes(compareAsset(release, file)));

const probeDraft = async (
	target: Target,
	{ release, marker }: Marked,
	{ artifact, context }: { readonly artifact: Artifact; readonly context: Context },
): Promise<Presence> => {
	// A draft for other bytes of this version: whatever lies in it is not ours to replace.
	if (declares(marker, artifact) === false) return toFound(release, artifact);
	const found = compareAsset(release, artifact);
	if (found === 'silent') return compareBytes(target, release, { artifact, context });
	if (found === 'match') return { state: (await hasExtras(target, release)) ? 'match' : 'absent' };
	// Where the marker lists no files, other bytes may be those of another build.
	if (found === 'differs' && declares(marker, artifact) === undefined) return toFound(release, artifact);
	return { state: 'absent' };
};

const compareHeld = async (
	target: Target,
	{ published, draft }: Held,
	given: { readonly artifact: Artifact; readonly context: Context },
): Promise<Presence> => {
	if (draft) return probeDraft(target, draft, given);
	if (!published) return { state: 'absent' };
	const found = compareAsset(published, given.artifact);
	if (found === 'silent') return compareBytes(target, published, given);
	return found === 'match' ? { state: 'match' } : toFound(published, given.artifact);
};

const isUnclear = ({ code }: SlipwayError): boolean =>
	(
		['GITHUB_UNREACHABLE', 'GITHUB_LIMITED', 'GITHUB_NO_RIGHT', 'GITHUB_TOKEN_REFUSED'] as GitHubCode[]
	).includes(code as GitHubCode);

/**
 * What the release of this version holds for one artifact, by the digest that GitHub computed. An upload without an end and
 * one that went wrong in our own draft count as absent; in a published release they are a mismatch, which is final.
 */
export const probe = async (target: Target, artifact: Artifact, context: Context): Promise<Presence> => {
	try {
		return await compareHeld(target, await readKnown(target, target.version, context), { artifact, context });
	} catch (thrown) {
		if (thrown instanceof SlipwayError && isUnclear(thrown))
			return { state: 'unknown', reason: thrown.message };
		throw thrown;
	}
};
