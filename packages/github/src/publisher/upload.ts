import type { Artifact, ChangeContext, Subject, UploadOutcome } from '@slipway/core';
import { putAsset, putExtras } from './assets.ts';
import { ensureDraft } from './draft.ts';
import { type Target, toReleaseFile } from './target.ts';

/**
 * Puts an artifact into the draft of its release, which is made where there is none, and beside it the files that go
 * along. Drafts have no public address.
 * @throws SlipwayError GITHUB_ARTIFACT_CHANGED, GITHUB_DRAFT_OTHER, GITHUB_DRAFTS_DUPLICATE, GITHUB_RELEASE_PUBLISHED, GITHUB_*
 */
export const upload = async (
	target: Target,
	artifact: Artifact,
	{ subject, change }: { readonly subject: Subject; readonly change: ChangeContext },
): Promise<UploadOutcome> => {
	const file = toReleaseFile(target, artifact);
	const bytes = await file.read();
	const release = await ensureDraft(target, subject, change);
	if ('reason' in release) return { outcome: 'unknown', reason: release.reason };
	const extras = await putExtras(target, release, change);
	if (extras.outcome !== 'accepted') return extras;
	return putAsset(target, { release, file: { ...file, read: async () => bytes } }, change);
};
