import { type Contract, type Library, type Resolve, toContract } from './contract.ts';
import { parseUses } from './uses.ts';
import type { Workflow } from './workflow.ts';

/** Callers may nest ten levels deep, themselves counted (GitHub's limit); what is deeper never starts. */
const MAX_LEVELS = 10;

const isNamed = (repository: string, name: string): boolean =>
	repository.toLowerCase().endsWith(`/${name.toLowerCase()}`);

/** True for workflows and actions of the library, whoever owns the copy. */
export const isOfLibrary = (uses: string, library: Library): boolean => {
	const target = parseUses(uses);
	return target.kind === 'remote' && isNamed(target.repository, library.name);
};

const findContract = (workflows: Readonly<Record<string, Contract>>, path: string): Contract | undefined =>
	Object.hasOwn(workflows, path) ? workflows[path] : undefined;

/** Finds contracts among the files of one repository (`$/`, `./`) and in the library. */
export const toResolve = (workflows: readonly Workflow[], library: Library): Resolve => {
	const toLevel =
		(level: number): Resolve =>
		(uses) => {
			const target = parseUses(uses);
			if (target.kind === 'image') return undefined;
			if (target.kind === 'remote')
				return isNamed(target.repository, library.name)
					? findContract(library.workflows, target.path)
					: undefined;
			const workflow = workflows.find(({ path }) => path === target.path);
			return level < MAX_LEVELS && workflow ? toContract(workflow, toLevel(level + 1)) : undefined;
		};
	return toLevel(1);
};
