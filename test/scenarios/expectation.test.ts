import { parseActLog } from './act/act-log.ts';
import type { ActRun } from './act/run-act.ts';
import { expectEqual, expectJobs, type JobResults } from './expectation.ts';

const job = (jobID: string, jobResult: string) => ({
	jobID,
	job: `x/${jobID}`,
	jobResult,
	msg: `${jobID} ${jobResult}`,
});

const toRun = (code: number, ...entries: readonly object[]): ActRun => {
	const log = entries.map((entry) => JSON.stringify(entry)).join('\n');
	return { ...parseActLog(log), code, seconds: 1, log };
};

const GREEN = [job('build', 'success'), job('build', 'success'), job('sign', 'skipped')];
const RESULTS: JobResults = { build: ['success', 'success'], sign: 'skipped' };

test('exactly the jobs that are expected', () => {
	expect(() => expectJobs(toRun(0, ...GREEN), RESULTS)).not.toThrow();
});

test.each<[string, ActRun, JobResults]>([
	['a job is missing', toRun(0, ...GREEN.slice(1)), RESULTS],
	['there is one more', toRun(0, ...GREEN, job('gate', 'success')), RESULTS],
	['one ended otherwise', toRun(0, ...GREEN), { ...RESULTS, sign: 'success' }],
	['act failed although every job is green', toRun(1, ...GREEN), RESULTS],
	['act is green although a job failed', toRun(0, job('build', 'failure')), { build: 'failure' }],
	[
		'a job had no runner',
		toRun(0, ...GREEN, { jobID: 'x', msg: 'Skipping unsupported platform -- Try' }),
		RESULTS,
	],
	[
		'an expression could not be evaluated',
		toRun(0, ...GREEN, { jobID: 'build', msg: 'Unable to interpolate expression' }),
		RESULTS,
	],
])('is wrong where %s', (_what, run, results) => {
	expect(() => expectJobs(run, results)).toThrow(expect.objectContaining({ name: 'Error' }));
});

test('the log of the job that failed is kept, and no other', () => {
	const said = (jobID: string, msg: string) => ({ jobID, msg, raw_output: true });
	const run = toRun(1, said('build', 'fine'), ...GREEN, said('npm', 'E403'), job('npm', 'failure'));
	const thrown = (() => {
		try {
			expectJobs(run, RESULTS);
		} catch (error) {
			return error as { readonly log: string };
		}
		throw new Error('accepted');
	})();
	expect(thrown.log).toContain('npm | E403');
	expect(thrown.log).not.toContain('fine');
});

test('what differs is shown', () => {
	expect(() => expectEqual('tags', { latest: '1.0.0' }, { latest: '2.0.0' })).toThrow(
		'tags: expected { "latest": "2.0.0" }, got { "latest": "1.0.0" }',
	);
});
