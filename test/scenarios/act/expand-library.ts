import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toActionRef, toExpandedWorkflow } from './expand-workflow.ts';
import { findTokenVariables, type Permissions } from './job-token.ts';

/** This library as act can use it: one folder for its workflows, one for each action. */
export interface ExpandedLibrary {
	/** OWNER/NAME. */
	readonly name: string;
	/** What callers write behind `@`. */
	readonly ref: string;
	/** `OWNER/NAME@REF` and the folder that stands for it. */
	readonly folders: ReadonlyMap<string, string>;
	/** Variables for the tokens of its jobs, and the rights of each. */
	readonly tokens: ReadonlyMap<string, Permissions>;
}

/** Changes the text of a workflow of the library before it is expanded; a scenario has to notice. */
export type Mutation = (path: string, source: string) => string;

export interface LibrarySource {
	/** The repository of the library. */
	readonly root: string;
	/** Folder of each action's bundle. */
	readonly bundles: ReadonlyMap<string, string>;
	readonly name: string;
	readonly ref: string;
	readonly mutate?: Mutation | undefined;
}

const WORKFLOWS = '.github/workflows';

const expandWorkflows = async (
	{ root, name, ref, mutate }: Omit<LibrarySource, 'bundles'>,
	folder: string,
): Promise<string> => {
	const texts: string[] = [];
	await mkdir(join(folder, WORKFLOWS), { recursive: true });
	for (const file of await readdir(join(root, WORKFLOWS))) {
		const path = `${WORKFLOWS}/${file}`;
		const source = await readFile(join(root, path), 'utf8');
		const expanded = toExpandedWorkflow(mutate?.(path, source) ?? source, { path, library: name, ref });
		await writeFile(join(folder, path), expanded);
		texts.push(expanded);
	}
	return texts.join('\n');
};

const expandAction = async (
	{ root }: LibrarySource,
	{ action, bundle, folder }: { readonly action: string; readonly bundle: string; readonly folder: string },
): Promise<void> => {
	const place = join('actions', action);
	await mkdir(join(folder, place), { recursive: true });
	await copyFile(join(root, place, 'action.yml'), join(folder, place, 'action.yml'));
	await cp(resolve(root, bundle), join(folder, place, 'dist'), { recursive: true });
};

/** Writes the library of a source tree, with the bundles made of that tree, into a folder. */
export const expandLibrary = async (source: LibrarySource, folder: string): Promise<ExpandedLibrary> => {
	const { name, ref, bundles } = source;
	const folders = new Map<string, string>();
	for (const [action, bundle] of bundles) {
		const place = join(folder, action);
		await expandAction(source, { action, bundle, folder: place });
		folders.set(`${name}@${toActionRef(ref, action)}`, place);
	}
	return replaceWorkflows({ name, ref, folders, tokens: new Map() }, source, join(folder, 'workflows'));
};

/** The same actions behind other workflows. */
export const replaceWorkflows = async (
	library: ExpandedLibrary,
	source: Omit<LibrarySource, 'bundles'>,
	folder: string,
): Promise<ExpandedLibrary> => {
	const tokens = findTokenVariables(await expandWorkflows(source, folder));
	const folders = new Map([...library.folders, [`${library.name}@${library.ref}`, folder]]);
	return { ...library, folders, tokens };
};
