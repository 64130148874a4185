import type { Inputs, Runner } from '@slipway/runner';
import type { Door, UndoOptions } from 'slipway/join';
import type { declaration } from './declaration.ts';

type RollbackInputs = Inputs<typeof declaration>;

export const toUndoOptions = (inputs: RollbackInputs, { run }: Runner): UndoOptions => ({
	run,
	version: inputs.version,
	reason: inputs.reason,
	to: inputs.to,
	act: !inputs['dry-run'],
	takeOver: inputs['take-over'],
	npmToken: inputs['npm-token'],
});

/** The operation asked for. An abort has no dry run of its own: what it would end is what the status shows. */
export const undo = async (inputs: RollbackInputs, door: Door, runner: Runner) => {
	const { abortProject, restoreProject, rollbackProject, statusProject } = await import('slipway/join');
	const options = toUndoOptions(inputs, runner);
	const operations = {
		rollback: rollbackProject,
		restore: restoreProject,
		abort: options.act ? abortProject : statusProject,
	};
	return await operations[inputs.operation](door, options, runner.context);
};
