import type { Manifest } from '@slipway/core';
import { openGit } from './git.ts';
import type { OpenProject } from './project.ts';

/** 1980-01-01T00:00:00Z: the time of everything that has no history, as in the build. */
const WITHOUT_HISTORY = 315_532_800;

const parseEpoch = (text: string | undefined): number | undefined =>
	text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;

type Place = Pick<OpenProject['door'], 'environment'> & { readonly folder: string };

/** The time of an SBOM: SOURCE_DATE_EPOCH, else that of the commit; seconds since 1970. */
export const readEpoch = async ({ folder, environment }: Place, commit = 'HEAD'): Promise<number> => {
	const given = parseEpoch(environment.SOURCE_DATE_EPOCH);
	if (given !== undefined) return given;
	const time = await openGit(folder, environment)?.ask('show', '--no-patch', '--format=%ct', commit);
	return parseEpoch(time?.split('\n').at(-1)) ?? WITHOUT_HISTORY;
};

/** The time of everything in a Release: that of the commit it was built from. */
export const readReleaseEpoch = async (
	{ folder, door }: OpenProject,
	{ source }: Pick<Manifest, 'source'>,
): Promise<number> =>
	source.commit === null && !door.environment.SOURCE_DATE_EPOCH
		? WITHOUT_HISTORY
		: readEpoch({ folder, environment: door.environment }, source.commit ?? 'HEAD');
