import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, parseWorkflow, type Resolve, toResolve, type Workflow } from '@slipway/workflow';
import { parse } from 'yaml';
import { ROOT } from '../source-tree.ts';

/** A workflow file in the three forms that rules look at. */
export interface File {
	/** `release.yml` */
	readonly name: string;
	readonly text: string;
	readonly workflow: Workflow;
	/** The keys of each job as they are written. */
	readonly jobKeys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What action.yml declares. */
export interface Action {
	readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
	readonly outputs: readonly string[];
}

/** The workflows and actions of this repository, or a mutant of it. */
export interface Repository {
	readonly files: readonly File[];
	readonly actions: ReadonlyMap<string, Action>;
	readonly resolve: Resolve;
}

const FOLDER = '.github/workflows';

/** The texts of the workflow files by name. */
export const readTexts = (): Readonly<Record<string, string>> =>
	Object.fromEntries(
		readdirSync(join(ROOT, FOLDER)).map((name) => [name, readFileSync(join(ROOT, FOLDER, name), 'utf8')]),
	);

const readAction = (name: string): Action | undefined => {
	const path = join(ROOT, 'actions', name, 'action.yml');
	if (!existsSync(path)) return undefined;
	const { inputs, outputs } = parse(readFileSync(path, 'utf8'));
	return { inputs: inputs ?? {}, outputs: Object.keys(outputs ?? {}) };
};

const readActions = (): ReadonlyMap<string, Action> =>
	new Map(
		readdirSync(join(ROOT, 'actions')).flatMap((name) => {
			const action = readAction(name);
			return action ? [[`$/actions/${name}`, action] as const] : [];
		}),
	);

const toFile = (name: string, text: string): File => ({
	name,
	text,
	workflow: parseWorkflow(text, `${FOLDER}/${name}`),
	jobKeys: parse(text).jobs,
});

/** `like`: a repository of which files that are the same are taken, as well as its actions. */
export const toRepository = (texts: Readonly<Record<string, string>>, like?: Repository): Repository => {
	const files = Object.entries(texts).map(
		([name, text]) =>
			like?.files.find((file) => file.name === name && file.text === text) ?? toFile(name, text),
	);
	const resolve = toResolve(
		files.map(({ workflow }) => workflow),
		{ name: 'slipway', workflows: {} },
	);
	return { files, actions: like?.actions ?? readActions(), resolve };
};

/** What one file does wrong: a line for each thing, empty where it does nothing wrong. */
export type Rule = (file: File, repository: Repository) => readonly string[];

/** For workflows that others call: nobody but their authors can look after them. */
export const forCalled =
	(rule: Rule): Rule =>
	(file, repository) =>
		file.workflow.call === undefined ? [] : rule(file, repository);

/** `publish.yml/expose` */
export const toJobName = ({ name }: File, { id }: Job): string => `${name}/${id}`;

/** One line for each job that a condition holds for. */
export const jobsWhere =
	(says: string, isWrong: (job: Job, file: File, repository: Repository) => boolean): Rule =>
	(file, repository) =>
		file.workflow.jobs
			.filter((job) => isWrong(job, file, repository))
			.map((job) => `${toJobName(file, job)} ${says}`);
