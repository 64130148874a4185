import { type Contract, type Library, type Resolve, toContract } from './contract.ts';
import { parseUses } from './uses.ts';
import type { Workflow } from './workflow.ts';

const isNamed = (repository: string, name: string): boolean =>
	repository.toLowerCase().endsWith(`/${name.toLowerCase()}`);

/** True for workflows and actions of the library, whoever owns the copy. */
export const isOfLibrary = (uses: string, library: Library): boolean => {
	const target = parseUses(uses);
	return target.kind === 'remote' && isNamed(target.repository, library.name);
};

const findContract = (workflows: Readonly<Record<string, Contract>>, path: string): Contract | undefined =>
	Object.hasOwn(workflows, path) ? workflows[path] : undefined;

/** Finds contracts among the files of one repository (`$/`, `./`) and in the library, each worked out once. */
export const toResolve = (workflows: readonly Workflow[], library: Library): Resolve => {
	// A file is in here before what it calls is looked at: calls in a circle, which GitHub refuses, end there.
	const known = new Map<string, Contract | undefined>();
	const resolveOwn = (path: string): Contract | undefined => {
		const workflow = workflows.find((candidate) => candidate.path === path);
		if (workflow === undefined || known.has(path)) return known.get(path);
		known.set(path, undefined);
		known.set(path, toContract(workflow, resolve));
		return known.get(path);
	};
	const resolve: Resolve = (uses) => {
		const target = parseUses(uses);
		if (target.kind === 'own') return resolveOwn(target.path);
		const isOurs = target.kind === 'remote' && isNamed(target.repository, library.name);
		return isOurs ? findContract(library.workflows, target.path) : undefined;
	};
	return resolve;
};
