import type { Publisher, Traits } from '@slipway/core';
import type { PreviewFinding, PreviewTarget } from '@slipway/report';
import type { OpenProject } from './project.ts';
import { openPublishers } from './publishers.ts';

const UNDO = {
	full: 'can be taken back in full',
	pointer: 'of a bad release only the pointer can be moved back',
	none: 'cannot be taken back',
} as const;

const toWait = (ms: number): string =>
	ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;

/** How a target behaves, in words. */
export const toTraitWords = ({ hides, undo, seals, visibleWithin, safeProbe }: Traits): string[] => [
	hides ? 'hides what is uploaded until it is exposed' : 'shows what is uploaded at once',
	UNDO[undo],
	...(seals ? ['sealed first and alone, in one write'] : []),
	...(visibleWithin > 0 ? [`a change may stay unseen for ${toWait(visibleWithin)}`] : []),
	...(safeProbe ? ['a repeated upload is harmless'] : []),
];

export const toPreviewTarget = ({ id, description, traits }: Publisher): PreviewTarget => ({
	id,
	description,
	traits: toTraitWords(traits),
});

/** Targets that can be read here, and why others cannot. */
export interface ReadableTargets {
	readonly publishers: readonly Publisher[];
	readonly findings: readonly PreviewFinding[];
}

/** Without a key nobody can tell what the repository offers: its index counts only with a signature that is known. */
const isUnreadable = ({ config, door }: OpenProject, id: string): boolean => {
	const target = config.targets[id];
	if (target?.type !== 'apt' || target['trusted-keys'].length > 0) return false;
	const { environment } = target['signing-key'];
	return environment !== undefined && !door.environment[environment];
};

/** Ids of targets that nobody can read without a secret that this job does not have. */
export const listUnreadable = (project: OpenProject): string[] =>
	Object.keys(project.config.targets).filter((id) => isUnreadable(project, id));

const toUnseen = (id: string): PreviewFinding => ({
	target: id,
	severity: 'warning',
	code: 'PLAN_TARGET_UNSEEN',
	message:
		'this job has no key to verify the published repository by, so that what would change there is not shown',
	hint: 'Put the public key into the repository and name its file under `trusted-keys` of the target.',
});

/** The publishers of all targets that a job without secrets can read. @throws as openPublishers */
export const openReadable = async (
	project: OpenProject,
	options: { readonly needsCredentials: boolean },
): Promise<ReadableTargets> => {
	const ids = Object.keys(project.config.targets);
	const unseen = options.needsCredentials ? [] : listUnreadable(project);
	const only = ids.filter((id) => !unseen.includes(id));
	return {
		publishers: await openPublishers(project, { ...options, only }),
		findings: unseen.map(toUnseen),
	};
};
