import { isDeepStrictEqual } from 'node:util';
import type { ActRun } from './act/run-act.ts';

/** A scenario that came out otherwise than it should. `log`: what the jobs at fault printed. */
export class Unexpected extends Error {
	readonly log: string;

	constructor(message: string, log = '') {
		super(message);
		this.log = log;
	}
}

/** Job ids with their results; a job with several legs has as many results. A job that is left out must not be there. */
export type JobResults = Readonly<Record<string, string | readonly string[]>>;

const toPairs = (results: JobResults): string[] =>
	Object.entries(results)
		.flatMap(([id, result]) => [result].flat().map((each) => `${id}=${each}`))
		.sort();

/** What the jobs printed that failed, or those that ended otherwise than expected. */
const toJobLog = ({ jobs, lines }: ActRun, expected: readonly string[]): string => {
	const failed = jobs.filter(({ result }) => result === 'failure');
	const odd = jobs.filter(({ id, result }) => !expected.includes(`${id}=${result}`));
	const ids = new Set([...(odd.length > 0 ? odd : failed).map(({ id }) => id), '']);
	return lines
		.filter(({ job }) => ids.has(job))
		.map(({ job, text }) => `  ${job || 'act'} | ${text}`)
		.join('\n');
};

/**
 * Exactly these jobs ended, each in this way, skipped ones too, and act did what the workflow says: its own verdict, and
 * nothing that it would have passed over in silence.
 * @throws Unexpected
 */
export const expectJobs = (run: ActRun, results: JobResults): void => {
	const expected = toPairs(results);
	const actual = run.jobs.map(({ id, result }) => `${id}=${result}`).sort();
	const log = toJobLog(run, expected);
	if (!isDeepStrictEqual(actual, expected)) {
		const missing = expected.filter((pair) => !actual.includes(pair)).join(' ');
		const surplus = actual.filter((pair) => !expected.includes(pair)).join(' ');
		throw new Unexpected(`jobs: expected ${missing || 'fewer'}, got ${surplus || 'nothing'}`, log);
	}
	if (run.swallowed.length > 0) throw new Unexpected(`act passed over: ${run.swallowed.join('; ')}`, log);
	const code = expected.some((pair) => pair.endsWith('=failure')) ? 1 : 0;
	if (run.code !== code) throw new Unexpected(`act ended with ${run.code}, expected ${code}`, log);
};

const show = (value: unknown): string =>
	JSON.stringify(value, null, 1)?.replaceAll(/\s*\n\s*/g, ' ') ?? 'undefined';

/** @throws Unexpected */
export const expectEqual = (what: string, actual: unknown, expected: unknown): void => {
	if (isDeepStrictEqual(actual, expected)) return;
	throw new Unexpected(`${what}: expected ${show(expected)}, got ${show(actual)}`);
};

/** @throws Unexpected */
export const expectMatch = (what: string, actual: string, pattern: RegExp): void => {
	if (pattern.test(actual)) return;
	throw new Unexpected(`${what}: expected ${pattern}, got ${show(actual.slice(0, 2000))}`);
};

/** @throws Unexpected */
export const expectThat = (what: string, holds: boolean): void => {
	if (!holds) throw new Unexpected(`expected ${what}`);
};
