import { stripVTControlCharacters } from 'node:util';

/** One line of `act --json`, in the fields that are read. */
interface Entry {
	readonly msg?: string;
	readonly job?: string;
	readonly jobID?: string;
	readonly jobResult?: string;
	readonly step?: string;
	readonly stepResult?: string;
	readonly stage?: string;
	readonly raw_output?: boolean;
	readonly command?: string;
	readonly name?: string;
	readonly arg?: string;
	readonly content?: string;
	readonly level?: string;
	/** Nanoseconds of a step. */
	readonly executionTime?: number;
}

/** A job as it ended. Legs of a matrix are jobs with one name. */
export interface ActJob {
	readonly id: string;
	/** With the names of its callers, as act prints it. */
	readonly name: string;
	readonly result: string;
}

/** What act said of one run. */
export interface ActLog {
	readonly jobs: readonly ActJob[];
	/** Values of outputs as steps set them: job id, output, value. */
	readonly outputs: readonly { readonly job: string; readonly name: string; readonly value: string }[];
	readonly summaries: readonly { readonly job: string; readonly text: string }[];
	/** Annotations: job id and message. */
	readonly errors: readonly { readonly job: string; readonly text: string }[];
	/** What makes a green run worthless: jobs that had no runner, expressions that could not be evaluated. */
	readonly swallowed: readonly string[];
	/** Steps that ended badly: `job: step`. */
	readonly failedSteps: readonly string[];
	/** Seconds that the steps of a job took, by id. */
	readonly jobSeconds: ReadonlyMap<string, number>;
	/** Everything that a job printed, in order. */
	readonly lines: readonly { readonly job: string; readonly text: string }[];
}

/** Where act goes on although it could not do what the workflow says (facts about act 0.2.89). */
const SWALLOWED = /Skipping unsupported platform|Unable to interpolate|Error while evaluating|not defined in/;

const parseEntry = (line: string): Entry => {
	try {
		return JSON.parse(line) as Entry;
	} catch {
		return { msg: line, level: 'plain' };
	}
};

const toJob = ({ jobID = '?', job = '?', jobResult = '?' }: Entry): ActJob => ({
	id: jobID,
	name: job.trim(),
	result: jobResult,
});

const toText = (text = ''): string => stripVTControlCharacters(text).trimEnd();

/** What act measured of each step, added up. */
const toJobSeconds = (entries: readonly Entry[]): ReadonlyMap<string, number> => {
	const seconds = new Map<string, number>();
	for (const { jobID = '', executionTime = 0 } of entries)
		seconds.set(jobID, (seconds.get(jobID) ?? 0) + executionTime / 1e9);
	return seconds;
};

/** Every line that says what happened, without act's own chatter. */
const isPrinted = ({ raw_output: raw, stepResult, jobResult, level }: Entry): boolean =>
	raw === true ||
	stepResult !== undefined ||
	jobResult !== undefined ||
	/^(error|fatal|plain)$/.test(level ?? '');

/** Jobs start at about the same time, so that every entry names its own. Text that is no JSON belongs to the run. */
export const parseActLog = (text: string): ActLog => {
	const entries = text
		.split('\n')
		.filter((line) => line !== '')
		.map(parseEntry);
	const of = (entry: Entry): string => entry.jobID ?? '';
	return {
		jobs: entries.filter(({ jobResult }) => jobResult !== undefined).map(toJob),
		outputs: entries
			.filter(({ command }) => command === 'set-output')
			.map((entry) => ({ job: of(entry), name: entry.name ?? '', value: entry.arg ?? '' })),
		summaries: entries
			.filter(({ command }) => command === 'summary')
			.map((entry) => ({ job: of(entry), text: entry.content ?? '' })),
		errors: entries
			.filter(({ command }) => command === 'error')
			.map((entry) => ({ job: of(entry), text: toText(entry.msg) })),
		swallowed: entries
			.filter(({ msg = '' }) => SWALLOWED.test(msg))
			.map((entry) => `${of(entry)}: ${toText(entry.msg)}`),
		failedSteps: entries
			.filter(({ stepResult, stage }) => stepResult === 'failure' && stage !== undefined)
			.map((entry) => `${of(entry)}: ${entry.step}`),
		jobSeconds: toJobSeconds(entries),
		lines: entries.filter(isPrinted).map((entry) => ({ job: of(entry), text: toText(entry.msg) })),
	};
};
