import { hashBytes } from '@slipway/archive';
import { type Context, type Subject, toPrintable, type Verification, type Visibility } from '@slipway/core';
import { toAssetSha256 } from '../release/asset-file.ts';
import { isWithdrawn } from '../release/marks.ts';
import { type Asset, type Release, readReleaseByTag } from '../release/release.ts';
import { readRepository } from '../settings/repository.ts';
import { downloadAsUser, downloadAsWriter } from './download.ts';
import { checkContents } from './draft.ts';
import { toError } from './errors.ts';
import { readHeld } from './held.ts';
import { readPointer } from './pointer.ts';
import { verifyFiles } from './seal-checks.ts';
import { LATEST, restOf, type Target } from './target.ts';

const LATER = 'GitHub may need a moment to show a change; it is looked at again.';

const notVisible = (message: string) => toError('GITHUB_NOT_VISIBLE', { message, hint: LATER });

const verifyHidden = async (target: Target, subject: Subject, context: Context): Promise<Verification> => {
	const { published, draft } = await readHeld(target, subject.version, context);
	const release = published ?? draft?.release;
	if (!release) throw notVisible(`expected a draft for ${subject.pointer.next}, found none`);
	if (draft) checkContents(target, draft, subject);
	const count = await verifyFiles(target, { release, subject }, context);
	const checks = [
		`${count} files by the sha256 that GitHub computed`,
		draft ? 'a draft: no public address, not the latest release' : 'published already, with these files',
	];
	return { subject, client: 'GitHub API', checks };
};

const fetchOne = async (target: Target, asset: Asset, given: { context: Context; isPublic: boolean }) => {
	const rest = restOf(target, given.context);
	const found = await (given.isPublic ? downloadAsUser(rest, asset) : downloadAsWriter(rest, asset));
	if (found.kind === 'bytes') return hashBytes(found.bytes).digest.sha256;
	throw toError('GITHUB_DOWNLOAD_FAILED', {
		message: `${toPrintable(asset.name, 100)}: expected to download it, got ${found.reason}`,
		hint: LATER,
	});
};

/** Every file as a user gets it, compared with what GitHub says of it; the plan's own were compared with the plan before. */
const verifyDownloads = async (
	target: Target,
	release: Release,
	given: { readonly context: Context; readonly isPublic: boolean },
): Promise<void> => {
	for (const asset of release.assets) {
		const sha256 = await fetchOne(target, asset, given);
		const expected = toAssetSha256(asset);
		if (expected === undefined || sha256 === expected) continue;
		throw toError('GITHUB_ASSET_WRONG', {
			message: `${toPrintable(asset.name, 100)}: expected sha256 ${expected} when downloaded, got ${sha256}`,
			hint: 'Do not use this file. Look at the proxy, and tell GitHub if there is none.',
		});
	}
};

const verifyPointer = async (
	target: Target,
	{ pointer }: Subject,
	{ expected, context }: { readonly expected: string | null; readonly context: Context },
): Promise<void> => {
	const current = await readPointer(target, pointer, { context });
	if (current === expected) return;
	throw toError('GITHUB_POINTER_WRONG', {
		message: `expected ${pointer.name} to name ${expected ?? 'nothing'}, got ${current ?? 'nothing'}`,
		hint: 'Look at who changed it: the releases page tells.',
	});
};

const verifyExposed = async (target: Target, subject: Subject, context: Context): Promise<Verification> => {
	const { pointer } = subject;
	const rest = restOf(target, context);
	const release = await readReleaseByTag(rest, pointer.next);
	if (!release) throw notVisible(`expected the release ${pointer.next}, found none`);
	if (isWithdrawn(release))
		throw notVisible(`expected the release ${pointer.next} as it was, got it withdrawn`);
	await verifyFiles(target, { release, subject }, context);
	await verifyPointer(target, subject, { expected: pointer.next, context });
	const repository = await readRepository(rest);
	const isPublic = repository.state !== 'known' || repository.value.visibility === 'public';
	await verifyDownloads(target, release, { context, isPublic });
	const who = isPublic ? 'without credentials' : 'with the token (the repository is not public)';
	const checks = [
		`${release.assets.length} files downloaded ${who}, compared by sha256`,
		pointer.name === LATEST ? `latest is ${pointer.next}` : `published, and latest was left alone`,
		...(release.immutable ? ['immutable'] : []),
	];
	return { subject, client: 'built-in downloader', checks };
};

const verifyWithdrawn = async (target: Target, subject: Subject, context: Context): Promise<Verification> => {
	const { pointer } = subject;
	const release = await readReleaseByTag(restOf(target, context), pointer.next);
	if (release && !isWithdrawn(release)) {
		throw toError('GITHUB_POINTER_WRONG', {
			message: `expected the release ${pointer.next} to be marked as withdrawn, got it without a mark`,
			hint: 'Look at who changed it: the releases page tells.',
		});
	}
	await verifyPointer(target, subject, { expected: pointer.previous, context });
	const checks = [
		`${pointer.name} is ${pointer.previous ?? 'nothing'}`,
		release ? 'marked as withdrawn' : 'no release of this tag',
	];
	return { subject, client: 'GitHub API', checks };
};

const VERIFY = { hidden: verifyHidden, exposed: verifyExposed, withdrawn: verifyWithdrawn };

/**
 * Hidden: each file of the draft by the digest that GitHub computed. Exposed: all of them downloaded as a user does, and
 * that latest is ours. Withdrawn: that latest is what it was, and ours is marked.
 * @throws SlipwayError GITHUB_NOT_VISIBLE, GITHUB_ASSET_*, GITHUB_POINTER_WRONG, GITHUB_DOWNLOAD_FAILED, GITHUB_*
 */
export const verify = async (
	target: Target,
	subjects: readonly Subject[],
	{ state, context }: { readonly state: Visibility | 'withdrawn'; readonly context: Context },
): Promise<readonly Verification[]> => {
	const verifications: Verification[] = [];
	for (const subject of subjects) verifications.push(await VERIFY[state](target, subject, context));
	return verifications;
};
