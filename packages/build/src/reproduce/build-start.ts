import { type Release, readStageRecords } from '@slipway/archive';

/** When the build of a Release began, ms since 1970; the far future where no record says so. */
export const readBuildStart = async (release: Release): Promise<number> => {
	const builds = (await readStageRecords(release)).filter(({ record }) => record.stage === 'build');
	return Math.min(...builds.map(({ record }) => Date.parse(record.start)), Number.MAX_SAFE_INTEGER);
};
