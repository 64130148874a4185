import { readRelease } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { Result } from '../command.ts';
import { type Door, openProject } from '../join/project.ts';
import { makeSboms } from '../join/sbom.ts';
import { EXIT } from '../output/exit-code.ts';
import { toSbomText } from '../output/sbom-text.ts';

/** `slipway sbom`: the SBOMs of the built Release, made again from what the project has now. */
export const sbomRelease = async (door: Door, context: Context): Promise<Result> => {
	const project = await openProject(door);
	const report = await makeSboms(project, await readRelease(project.releaseFolder), context);
	return { code: EXIT.done, json: report, text: () => toSbomText(report) };
};
