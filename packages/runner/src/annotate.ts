import { type Failure, toErrorCommand } from './failure.ts';

/** Shows errors on the page of the run without failing the step: for what went wrong elsewhere. GitHub shows ten a step. */
export const annotateErrors = (failures: readonly Failure[]): void => {
	for (const failure of failures) process.stdout.write(`${toErrorCommand(failure)}\n`);
};
