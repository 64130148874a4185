import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Context, parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { isOutcomePath, type ReleaseReport, recordRun } from '@slipway/release';
import { foldOutbox } from '@slipway/store';
import { openJournal } from './journal.ts';
import { type Acting, toProject } from './operations.ts';
import { type Door, type OpenProject, openProject } from './project.ts';

/** A file that a job has left for the journal; nobody has vouched for it. */
export interface LeftFile {
	/** Where it was found, for people. */
	readonly artifact: string;
	/** Path in the journal. */
	readonly path: string;
	readonly bytes: Uint8Array;
}

export interface RecordOptions extends Acting {
	readonly version: string;
	readonly files: readonly LeftFile[];
}

const MAX_BYTES = 256 * 1024;

const isWhole = ({ path, bytes }: LeftFile): boolean => {
	try {
		return bytes.length <= MAX_BYTES && parseJson(bytes, path) !== null;
	} catch {
		return false;
	}
};

const findProblem = (file: LeftFile, { project, version }: OpenProject): string | undefined => {
	if (!isOutcomePath(file.path, project, version)) return `is no outcome of ${project} ${version}`;
	return isWhole(file) ? undefined : 'cannot be read';
};

/** Outcomes of this version alone are let through: what anything is decided by is never taken from what a job left. */
const keep = async (
	project: OpenProject,
	files: readonly LeftFile[],
	{ tempDir, log }: Context,
): Promise<string> => {
	const folder = join(tempDir, 'outbox');
	await mkdir(folder, { recursive: true });
	for (const file of files) {
		const problem = findProblem(file, project);
		const path = join(folder, ...file.path.split('/'));
		if (problem === undefined) {
			await mkdir(dirname(path), { recursive: true });
			// Of two that have one name the older attempt's stays.
			await writeFile(path, file.bytes, { flag: 'wx' }).catch(() => {});
		} else
			log.warning(
				`left out: ${toPrintable(file.path, 200)} of ${toPrintable(file.artifact, 200)} ${problem}`,
			);
	}
	return folder;
};

/**
 * Folds what the jobs of a run have left into the journal, never over what is there, then says what is where, asked of the
 * targets, and holds the release where this run did not bring it to its end. undefined: nothing was ever planned.
 * @throws SlipwayError STORE_*, and as recordRun
 */
export const recordProject = async (
	door: Door,
	{ version, files, ...acting }: RecordOptions,
	context: Context,
): Promise<ReleaseReport | undefined> => {
	const project = await openProject({ ...door, version });
	const folder = await keep(project, files, context);
	const { conflicts } = await foldOutbox(folder, openJournal(project).store);
	for (const path of conflicts)
		context.log.warning(`left out: the journal has something else at ${toPrintable(path, 200)}, which stays`);
	try {
		const operations = await toProject(project, acting, { needsCredentials: false });
		return await recordRun({ ...operations, version }, context);
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError) || thrown.code !== 'PLAN_MISSING') throw thrown;
		context.log.info(`${thrown.message}: this run has claimed nothing`);
		return undefined;
	}
};
