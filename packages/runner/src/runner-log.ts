import type { Log } from '@slipway/core';
import { toInertLines, toPrintableLines, toWorkflowCommand } from './workflow-command.ts';

/** Prints to the step's log: information as plain lines, warnings as annotations, debug where the run asks for it. */
export const toRunnerLog = (print: (line: string) => void): Log => ({
	debug: (message) => print(toWorkflowCommand('debug', toPrintableLines(message).join('\n'))),
	info: (message) => toInertLines(message).forEach(print),
	warning: (message) => print(toWorkflowCommand('warning', toPrintableLines(message).join('\n'))),
});
