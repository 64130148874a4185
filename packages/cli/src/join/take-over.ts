import { resolve } from 'node:path';
import type { ChangeContext } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import {
	listSuites,
	openServedFiles,
	type RepositoryFiles,
	type TakenOver,
	takeOverSuite,
} from '@slipway/deb';
import { openStore, type Store } from '@slipway/store';
import { openRepository } from './apt.ts';
import type { OpenProject } from './project.ts';

export interface TakeOverOptions {
	readonly project: OpenProject;
	readonly target: AptTarget;
	readonly suite: string;
	/** Folder (relative to the project) or URL; absent: the store of the target. */
	readonly from?: string | undefined;
	readonly allSuites?: boolean | undefined;
	readonly dryRun?: boolean | undefined;
}

interface Source {
	readonly files: RepositoryFiles | undefined;
	/** undefined: a web server, which lists nothing. */
	readonly store: Store | undefined;
}

const openSource = ({ project, from }: TakeOverOptions, own: Store): Source => {
	if (from === undefined) return { files: undefined, store: own };
	if (/^https?:\/\//.test(from)) return { files: openServedFiles(from), store: undefined };
	const store = openStore({ directory: resolve(project.folder, from) }, project.folder, project.door);
	return { files: { get: async (path) => (await store.read(path))?.bytes ?? null }, store };
};

/**
 * Takes suites of another tool over, one after the other.
 * @throws SlipwayError as takeOverSuite
 */
export const takeOverProject = async (
	options: TakeOverOptions,
	change: ChangeContext,
): Promise<readonly TakenOver[]> => {
	const repository = await openRepository(options.project, options.target);
	const source = openSource(options, repository.store);
	const { store, files } = source;
	const suites = options.allSuites && store ? await listSuites({ ...repository, store }) : [options.suite];
	const taken: TakenOver[] = [];
	for (const suite of suites)
		taken.push(await takeOverSuite(repository, { suite, from: files, dryRun: options.dryRun }, change));
	return taken;
};
