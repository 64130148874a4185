import { readdirSync, readFileSync } from 'node:fs';
import {
	type Library,
	parseWorkflow,
	type Resolve,
	toContract,
	toResolve,
	type Workflow,
} from '@slipway/workflow';

const FOLDER = '.github/workflows';

/** The workflows of this repository: those that others call, and its own. */
export const readOwnWorkflows = (): readonly Workflow[] =>
	readdirSync(FOLDER)
		.filter((name) => name.endsWith('.yml'))
		.sort()
		.map((name) => parseWorkflow(readFileSync(`${FOLDER}/${name}`), `${FOLDER}/${name}`));

const NAME = 'slipway';

/** How the calls inside this repository are resolved: from its files, never from what was generated of them before. */
export const toOwnResolve = (workflows: readonly Workflow[]): Resolve =>
	toResolve(workflows, { name: NAME, workflows: {} });

/** What callers have to know, of every workflow that can be called. */
export const toLibrary = (workflows: readonly Workflow[]): Library => {
	const resolve = toOwnResolve(workflows);
	const contracts = workflows.flatMap((workflow) => {
		const contract = toContract(workflow, resolve);
		return contract ? [[workflow.path, contract] as const] : [];
	});
	return { name: NAME, workflows: Object.fromEntries(contracts) };
};
