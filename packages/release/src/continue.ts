import { type Context, MANIFEST_MEDIA_TYPE, type Manifest, SlipwayError } from '@slipway/core';
import { abort } from './abort.ts';
import { adoptPlan } from './adopt.ts';
import type { ReleaseCode } from './code.ts';
import type { ReleaseReport } from './outcome.ts';
import type { Plan } from './plan.ts';
import { type Project, type ReleaseRequest, release, toPast } from './release.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';

export interface ContinueRequest extends Project, Pick<ReleaseRequest, 'onFailure' | 'line' | 'repoint'> {
	readonly version: string;
	/** The built Release; undefined: it is not at hand, which is enough when all bytes are uploaded. */
	readonly manifest: Manifest | undefined;
}

const toManifest = ({ project, version, source, subjects }: Plan): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project,
	version,
	source,
	artifacts: subjects.flatMap(({ artifacts }) => artifacts),
});

/** @throws SlipwayError OPERATION_REFUSED: the folder at hand is of another release than the one to go on with */
const checkManifest = ({ manifest, version }: ContinueRequest): void => {
	if (manifest === undefined || manifest.version === version) return;
	throw new SlipwayError<ReleaseCode>(
		'OPERATION_REFUSED',
		`expected a Release folder of ${version}, got one of ${manifest.version}`,
		{ hint: `Name the Release folder of ${version} with --release.` },
	);
};

/**
 * Goes on with whatever was begun last for this version: the release, its rollback, restore or abort.
 * @throws SlipwayError PLAN_MISSING, FENCE_HELD, FENCE_LOST, and what that operation throws
 */
export const continueOperation = async (
	request: ContinueRequest,
	context: Context,
): Promise<ReleaseReport> => {
	const { journal, version } = request;
	checkManifest(request);
	// Asked together, which is one question where the journal is far away.
	const [{ plan }, history] = await Promise.all([adoptPlan(journal, version), journal.readHistory()]);
	const { last, isSuperseded } = toPast(history, version);
	const ended = last?.end?.state;
	// Going on with what another release has followed would put it in that one's place.
	const isFollowed = ended === 'COMPLETED' && isSuperseded && !request.repoint;
	if (ended === 'ABORTED' || ended === 'ROLLED_BACK' || isFollowed) return status(request, context);
	const reason = last?.fence.reason ?? 'continued';
	switch (last?.fence.operation ?? 'release') {
		case 'abort':
			return abort({ ...request, reason }, context);
		case 'rollback':
			return rollback({ ...request, reason, act: true }, context);
		case 'restore':
			return restore({ ...request, reason, act: true }, context);
		case 'release':
			return release(
				{ ...request, manifest: request.manifest ?? toManifest(plan), place: plan.place },
				context,
			);
	}
};
