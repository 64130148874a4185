import { toReportFailure } from './failure.ts';
import type { SummaryReport } from './summary-markdown.ts';

const toReport = (operation: string, state: string, dryRun = false, partial = false): SummaryReport => ({
	operation,
	state,
	dryRun,
	partial,
	project: 'greet',
	version: '1.0.0',
	releaseId: null,
	reason: 'why',
	subjects: [],
	phases: [],
	next: 'slipway continue 1.0.0',
});

test.each([
	['release', 'COMPLETED', false, false, true],
	['release', 'ROLLED_BACK', false, false, false],
	['release', 'HELD', false, false, false],
	['release', 'HELD', false, true, true],
	['release', 'STOPPED_MISMATCH', false, true, false],
	['release', 'PENDING_EXTERNAL', false, false, false],
	['continue', 'COMPLETED', false, false, true],
	['rollback', 'ROLLED_BACK', false, false, true],
	['rollback', 'COMPLETED', true, false, true],
	['rollback', 'HELD', false, false, false],
	['restore', 'COMPLETED', false, false, true],
	['abort', 'ABORTED', false, false, true],
	['status', 'HELD', false, false, true],
])(
	'%s that ends as %s (dry run: %s, leaves: %s) is a success: %s',
	(operation, state, dryRun, leaves, success) => {
		expect(
			toReportFailure(toReport(operation, state, dryRun, leaves && state === 'HELD'), leaves) === undefined,
		).toBe(success);
	},
);

test('a release that is held is a failure also where a step may leave the rest to a later one, when it did not do its share', () => {
	expect(toReportFailure(toReport('release', 'HELD'), true)).toMatchObject({ code: 'HELD' });
});

test('a share with a problem is a failure, with the command that goes on', () => {
	const subject = {
		target: 'npm',
		subject: 'pkg:npm/greet',
		version: '1.0.0',
		artifacts: [],
		pointer: { name: 'latest', previous: null, current: null },
		state: 'unknown',
		verifiedBy: [],
		remains: [],
		problem: 'no reply',
	};
	const failure = toReportFailure({ ...toReport('release', 'HELD'), subjects: [subject] }, true);
	expect(failure).toMatchObject({ code: 'HELD', hint: 'Go on with: slipway continue 1.0.0' });
});
