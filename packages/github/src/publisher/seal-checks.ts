import { type Context, type Subject, toPrintable } from '@slipway/core';
import { BUNDLE_SUFFIX } from '@slipway/core/attestation';
import { compareAsset, findAsset, toNameKey } from '../release/asset-file.ts';
import type { Marker } from '../release/marker.ts';
import type { Release } from '../release/release.ts';
import { toRestError } from '../rest/failure.ts';
import { askPatiently } from '../rest/patience.ts';
import { resolveTag } from '../settings/git.ts';
import { hashAsset } from './download.ts';
import { toError, toTagElsewhere, toTagMissing } from './errors.ts';
import { restOf, type Target, toFiles } from './target.ts';

/**
 * The tag points at the commit that was built: looked at before the plan, and again right before the release is sealed.
 * @param given the draft's marker names the commit where no Release lies here
 * @throws SlipwayError GITHUB_TAG_MISSING, GITHUB_TAG_MOVED, GITHUB_*
 */
export const verifyTag = async (
	target: Target,
	{ tag, marker }: { readonly tag: string; readonly marker?: Marker | undefined },
	context: Context,
): Promise<void> => {
	const source = await target.source();
	const commit = source ? source.commit : marker?.commit;
	// A plan may be looked at without one. Sealing never: GitHub would make the missing tag, at the default branch.
	if (!commit && !marker) return;
	const rest = restOf(target, context);
	const reply = await askPatiently(rest, () => resolveTag(rest, tag));
	if (reply.kind === 'not-found') throw toError('GITHUB_TAG_MISSING', toTagMissing(tag, commit ?? ''));
	if (reply.kind !== 'ok') throw toRestError(`tag ${tag} of ${rest.repository}`, reply);
	if (commit && reply.value !== commit)
		throw toError('GITHUB_TAG_MOVED', toTagElsewhere(tag, commit, reply.value));
};

const RETRY = 'Run the same command again: it uploads what is missing.';

/**
 * Each file of the plan lies there by digest, and nothing else does.
 * @returns how many files were compared
 * @throws SlipwayError GITHUB_ASSET_WRONG, GITHUB_ASSET_UNKNOWN, GITHUB_NOT_VISIBLE
 */
export const verifyFiles = async (
	target: Target,
	{ release, subject }: { readonly release: Release; readonly subject: Subject },
	context: Context,
): Promise<number> => {
	const files = await toFiles(target, subject.artifacts);
	const isArtifact = ({ name }: { readonly name: string }) =>
		subject.artifacts.some((one) => one.name === name);
	for (const file of files) {
		const found = compareAsset(release, file);
		const asset = findAsset(release, file);
		const isSame =
			found === 'match' ||
			(found === 'silent' &&
				asset &&
				(await hashAsset(restOf(target, context), asset)) === file.digest.sha256);
		const isSealedExtra = !release.draft && !isArtifact(file);
		// What was signed after the release was sealed never came into it. Whoever goes on signs anew what an earlier run had
		// signed: the signatures that were sealed stay, and speak for themselves.
		const isLater = found === 'absent' || (found === 'differs' && file.name.endsWith(BUNDLE_SUFFIX));
		if (isSame || (isSealedExtra && isLater)) continue;
		const code = found === 'differs' ? 'GITHUB_ASSET_WRONG' : 'GITHUB_NOT_VISIBLE';
		const got =
			asset?.digest ?? (asset ? `an upload in state ${toPrintable(asset.state, 20)}` : 'no such file');
		throw toError(code, {
			message: `${release.tag_name}: ${file.name}: expected sha256:${file.digest.sha256}, got ${got}`,
			hint: release.draft ? RETRY : 'Release a new version: files of a published release are left alone.',
		});
	}
	if ((await target.extras()).length > 0) verifyNothingElse(release, files);
	return files.length;
};

/** What somebody added by hand would be published with our name on it. */
const verifyNothingElse = (release: Release, files: readonly { readonly name: string }[]): void => {
	const keys = new Set(files.map(({ name }) => toNameKey(name)));
	const stranger = release.assets.find(({ name }) => !keys.has(toNameKey(name)));
	if (!stranger) return;
	throw toError('GITHUB_ASSET_UNKNOWN', {
		message: `${release.tag_name}: expected the files of the plan only, got ${toPrintable(stranger.name, 100)} too`,
		hint: 'Find out who put it there and delete it, then run the same command again.',
	});
};
