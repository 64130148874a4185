import { type Release, readRelease, removeLeftovers, verifyRelease } from '@slipway/archive';
import type { OpenProject } from './project.ts';

/**
 * A Release folder with every artifact there and unchanged, rid of what killed runs left half-written: nothing is uploaded
 * from one that is not whole.
 * @throws SlipwayError RELEASE_*, MANIFEST_*, JSON_*
 */
export const readWhole = async ({ releaseFolder }: Pick<OpenProject, 'releaseFolder'>): Promise<Release> => {
	await removeLeftovers(releaseFolder);
	const release = await readRelease(releaseFolder);
	await verifyRelease(release);
	return release;
};
