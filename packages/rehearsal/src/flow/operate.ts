import { SlipwayError } from '@slipway/core';
import type { EndState, ReleaseReport } from '@slipway/release';
import type { RehearsalCode } from '../code.ts';
import type { Services } from '../services/start-services.ts';
import { runOperation, type Slipway } from '../slipway/slipway.ts';
import type { Draft } from './draft.ts';

const toProblems = ({ subjects }: ReleaseReport): readonly string[] =>
	subjects.flatMap(({ target, subject, problem }) => (problem ? [`${target} ${subject}: ${problem}`] : []));

/** An operation did not end as it should: why, and what one would do in earnest. */
export const toUnexpected = (report: ReleaseReport, expected: EndState): SlipwayError =>
	new SlipwayError<RehearsalCode>(
		'REHEARSAL_STATE_UNEXPECTED',
		[
			`${report.operation}: expected ${expected}, got ${report.state}: ${report.reason}`,
			...toProblems(report),
		].join('\n'),
		{
			hint:
				report.next === null
					? 'Nothing is left to do for this release.'
					: `In earnest you would go on with: ${report.next}`,
		},
	);

/**
 * Runs one operation and keeps its report.
 * @throws SlipwayError REHEARSAL_STATE_UNEXPECTED, and what the command reported
 */
export const operate = async (
	draft: Draft,
	slipway: Slipway,
	{ args, expected }: { readonly args: readonly string[]; readonly expected: EndState },
): Promise<void> => {
	const report = await runOperation(slipway, args);
	draft.reports.push(report);
	if (report.state !== expected) throw toUnexpected(report, expected);
};

/** Does what a maintainer does in a browser: approves what waits for approval; how many there were. */
export const approveStaged = async ({ registry }: Services, names: readonly string[]): Promise<number> => {
	const staged = registry.control.staged().filter(({ packageName }) => names.includes(packageName));
	for (const { id } of staged) await registry.control.approve(id);
	return staged.length;
};

/** The release; where it waits for a person's approval on npm, that is given, and it goes on. */
export const operateRelease = async (draft: Draft, slipway: Slipway, services: Services): Promise<void> => {
	const names = draft.project.npmPackages.map(({ name }) => name);
	const report = await runOperation(slipway, ['release']);
	draft.reports.push(report);
	if (report.state === 'COMPLETED') return;
	const approved = report.state === 'PENDING_EXTERNAL' ? await approveStaged(services, names) : 0;
	if (approved === 0) throw toUnexpected(report, 'COMPLETED');
	draft.notes.push(
		`npm waited for a person: ${approved} staged version(s) were approved, and the release went on.`,
	);
	await operate(draft, slipway, { args: ['continue', draft.project.version], expected: 'COMPLETED' });
};
