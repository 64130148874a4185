import { SlipwayError, toMessage } from '@slipway/core';
import type { SummaryReport } from './summary-markdown.ts';
import { toPrintableLines, toWorkflowCommand } from './workflow-command.ts';

/** What a failed step says, in its annotation and in its log. */
export interface Failure {
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

/** What anything that was thrown says; an error that is not ours is a defect. */
export const toFailure = (thrown: unknown): Failure =>
	thrown instanceof SlipwayError
		? { code: thrown.code, message: thrown.message, hint: thrown.hint }
		: {
				code: 'UNEXPECTED',
				message: toMessage(thrown),
				hint: 'This is a defect: please report it with the log of this step. Running it again is safe.',
			};

/** The end state that each operation is started for. */
const GOALS: Readonly<Record<string, string>> = {
	release: 'COMPLETED',
	continue: 'COMPLETED',
	restore: 'COMPLETED',
	rollback: 'ROLLED_BACK',
	abort: 'ABORTED',
};

/** Why the step of this report has failed; undefined where it ended as it was meant to, or left the rest to a later step. */
export const toReportFailure = (report: SummaryReport, leaves: boolean): Failure | undefined => {
	const goal = GOALS[report.operation];
	if (report.dryRun || goal === undefined || report.state === goal) return undefined;
	if (leaves && report.partial) return undefined;
	return {
		code: report.state,
		message: `${report.operation} of ${report.project} ${report.version} ended as ${report.state}: ${report.reason}`,
		hint: report.next ? `Go on with: ${report.next}` : 'Nothing is left to do.',
	};
};

/** The annotation of a failed step: the code as its title, then the message and what to do now. */
export const toErrorCommand = ({ code, message, hint }: Failure): string =>
	toWorkflowCommand('error', toPrintableLines(`${message}\n${hint}`).join('\n'), { title: code });
