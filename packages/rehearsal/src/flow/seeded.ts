import { createHash } from 'node:crypto';
import { type Manifest, SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import type { Look } from '../consumer/look.ts';
import type { Project } from '../project/read-project.ts';
import type { Previous } from '../seed/plan-previous.ts';
import { toWantedTargets, type WantedTarget } from './wanted-targets.ts';

/** What users get: a version and its bytes, or nothing. */
export type Seen = Pick<Look, 'version' | 'sha256'>;

export const NOTHING: Seen = { version: null, sha256: null };

interface Older {
	readonly previous: Previous;
	/** Of the Release that was built for the purpose; undefined where all bytes are published ones. */
	readonly manifest: Manifest | undefined;
}

const findPublished = ({ config, wanted }: WantedTarget, { previous }: Older): Seen | undefined => {
	const found = previous.published.find(({ name }) => config.type === 'npm' && name === wanted.name);
	if (found === undefined) return undefined;
	return { version: found.version, sha256: createHash('sha256').update(found.tarball).digest('hex') };
};

const toSeen = (target: WantedTarget, older: readonly WantedTarget[], facts: Older): Seen => {
	const before = older.find(({ id, subject }) => id === target.id && subject === target.subject);
	// The registry is seeded under `latest`, whatever the tag of this release; a suite for pre-releases begins empty.
	const pointer = target.config.type === 'npm' ? 'latest' : before?.wanted.pointer;
	if (pointer !== undefined && pointer !== target.wanted.pointer) return NOTHING;
	const published = findPublished(target, facts);
	if (published) return published;
	if (before) return { version: before.version, sha256: before.artifact.digest.sha256 };
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_STATE_UNEXPECTED',
		`expected a previous version of ${target.subject} at ${target.id}, but none was made`,
		{ hint: 'Please report this with the slipway.yml of the project.' },
	);
};

/**
 * What users of each target should get before the release: known from what was put there, not from what they got.
 * @throws SlipwayError REHEARSAL_STATE_UNEXPECTED for a target without a previous version
 */
export const toSeeded = (
	project: Project,
	targets: readonly WantedTarget[],
	facts: Older,
): ReadonlyMap<WantedTarget, Seen> => {
	const { previous, manifest } = facts;
	const older = manifest ? toWantedTargets({ ...project, version: previous.version }, manifest) : [];
	return new Map(targets.map((target) => [target, toSeen(target, older, facts)]));
};
