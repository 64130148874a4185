import { type ChangeContext, SlipwayError, toPrintable, type UploadOutcome } from '@slipway/core';
import * as v from 'valibot';
import type { GitHubCode } from '../code.ts';
import { compareAsset, findAsset, type ReleaseFile, toAssetSha256 } from '../release/asset-file.ts';
import { Asset, type Release } from '../release/release.ts';
import { toRestError } from '../rest/failure.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently } from '../rest/patience.ts';
import { restOf, type Target } from './target.ts';

type Change = ChangeContext;

const ACCEPTED = { outcome: 'accepted' } as const;
const unknown = (reason: string, retryAfterMs?: number): UploadOutcome => ({
	outcome: 'unknown',
	reason,
	retryAfterMs,
});

/** Removes an upload without an end, or one that went wrong, from a draft. */
const removeAsset = async (
	target: Target,
	asset: Asset,
	{ context, guard }: Change,
): Promise<UploadOutcome> => {
	const rest = restOf(target, context);
	const reply = await askPatiently(rest, async () => {
		await guard();
		return rest.send({ method: 'DELETE', path: pathOf`releases/assets/${asset.id}`, schema: v.unknown() });
	});
	if (reply.kind === 'ok' || reply.kind === 'not-found') return ACCEPTED;
	if ('reason' in reply) return unknown(reply.reason, reply.retryAfterMs);
	throw toRestError(`asset ${toPrintable(asset.name, 100)} of ${rest.repository}`, reply, true);
};

const sendAsset = async (
	target: Target,
	{ release, file }: { readonly release: Release; readonly file: ReleaseFile },
	{ context, guard }: Change,
): Promise<UploadOutcome> => {
	const rest = restOf(target, context);
	const bytes = await file.read();
	const reply = await askPatiently(rest, async () => {
		await guard();
		return rest.upload({
			url: release.upload_url,
			query: { name: file.name },
			mediaType: file.mediaType,
			bytes,
			schema: Asset,
		});
	});
	if (reply.kind === 'ok') {
		const sha256 = toAssetSha256(reply.value);
		if (sha256 === undefined || sha256 === file.digest.sha256) return ACCEPTED;
		return unknown(`GitHub computed sha256 ${sha256} of what arrived`);
	}
	if ('reason' in reply) return unknown(reply.reason, reply.retryAfterMs);
	if (reply.codes.includes('already_exists')) return unknown('an asset of this name is there already');
	throw toRestError(`${file.name} for ${release.tag_name} of ${rest.repository}`, reply, true);
};

/** @throws SlipwayError GITHUB_RELEASE_PUBLISHED: files of a published release are never changed */
const checkDraft = ({ draft, tag_name }: Release): void => {
	if (draft) return;
	throw new SlipwayError<GitHubCode>(
		'GITHUB_RELEASE_PUBLISHED',
		`expected a draft for ${tag_name}, got a published release: its files are left alone`,
		{ hint: 'Release a new version with the right files.' },
	);
};

/** Puts a file into a draft; what is there by digest is not sent again. Nothing is repeated by itself. */
export const putAsset = async (
	target: Target,
	given: { readonly release: Release; readonly file: ReleaseFile },
	change: Change,
): Promise<UploadOutcome> => {
	const { release, file } = given;
	const found = compareAsset(release, file);
	if (found === 'match') return ACCEPTED;
	checkDraft(release);
	const asset = findAsset(release, file);
	const removed = asset ? await removeAsset(target, asset, change) : ACCEPTED;
	return removed.outcome === 'accepted' ? sendAsset(target, given, change) : removed;
};

/** Puts what goes along with the artifacts; the first that is not certain ends it. */
export const putExtras = async (target: Target, release: Release, change: Change): Promise<UploadOutcome> => {
	for (const file of await target.extras()) {
		if (compareAsset(release, file) === 'silent') continue;
		const outcome = await putAsset(target, { release, file }, change);
		if (outcome.outcome !== 'accepted') return outcome;
	}
	return ACCEPTED;
};
