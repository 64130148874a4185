import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runStep, type Step, type StepResult } from './run-step.ts';

/** The parts of an action's metadata that the runner and the Marketplace read. */
export interface ActionYml {
	readonly name: string;
	readonly description: string;
	readonly inputs: Readonly<Record<string, ActionInput>>;
	readonly outputs: Readonly<Record<string, { readonly description: string }>>;
	readonly runs: { readonly using: string; readonly main: string };
}

export interface ActionInput {
	readonly description: string;
	readonly required?: boolean;
	readonly default?: string;
}

export const readActionYml = async (folder: string): Promise<ActionYml> => ({
	inputs: {},
	outputs: {},
	...parse(await readFile(join(folder, 'action.yml'), 'utf8')),
});

const EXPRESSION = ['$', '{{ github.token }}'].join('');

/** GitHub evaluates defaults; the one expression that ours hold is the token of the job. */
const toDefault = (
	{ default: value = '' }: ActionInput,
	{ environment }: Pick<Step, 'environment'>,
): string => (String(value) === EXPRESSION ? (environment?.GITHUB_TOKEN ?? '') : String(value));

/**
 * Runs a bundled action as `uses:` does: the defaults of action.yml fill the inputs that the workflow leaves out.
 * `dist`: the folder with its index.js.
 */
export const runBundle = async (
	{ action, dist }: { readonly action: string; readonly dist: string },
	step: Omit<Step, 'main'>,
): Promise<StepResult> => {
	const { inputs } = await readActionYml(action);
	const defaults = Object.fromEntries(
		Object.entries(inputs).map(([name, input]) => [name, toDefault(input, step)]),
	);
	return await runStep({ ...step, main: join(dist, 'index.js'), inputs: { ...defaults, ...step.inputs } });
};
