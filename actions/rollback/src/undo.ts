import { SlipwayError } from '@slipway/core';
import { type Inputs, type Place, type Runner, receivePlanned } from '@slipway/runner';
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

/**
 * What is exposed again is verified before, so its bytes are fetched from where its plan says that they are kept. Where
 * they are gone, the policy decides whether it may be restored without that look.
 */
const toRestoreDoor = async (inputs: RollbackInputs, place: Place, runner: Runner): Promise<Door> => {
	const { isBuilt, openProject, readPlannedPlace } = await import('slipway/join');
	const door = { ...place, version: inputs.version };
	if (await isBuilt(await openProject(door))) return place;
	try {
		return { ...place, releaseFolder: await receivePlanned(await readPlannedPlace(door), place, runner) };
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError)) throw thrown;
		runner.context.log.warning(`the Release is not at hand: ${thrown.message}`);
		return place;
	}
};

/** The operation asked for. An abort has no dry run of its own: what it would end is what the status shows. */
export const undo = async (inputs: RollbackInputs, place: Place, runner: Runner) => {
	const { abortProject, restoreProject, rollbackProject, statusProject } = await import('slipway/join');
	const options = toUndoOptions(inputs, runner);
	const needsBytes = inputs.operation === 'restore' && options.act;
	const door = needsBytes ? await toRestoreDoor(inputs, place, runner) : place;
	const operations = {
		rollback: rollbackProject,
		restore: restoreProject,
		abort: options.act ? abortProject : statusProject,
	};
	return await operations[inputs.operation](door, options, runner.context);
};
