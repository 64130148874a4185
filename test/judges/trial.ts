export type Verdict = 'accepts' | 'refuses';

/** What a judge said, in its own words where it refused. */
export interface Finding {
	readonly verdict: Verdict;
	readonly said: string;
}

/** What is expected of a judge, and why where that needs a word. */
export interface Expectation {
	readonly verdict: Verdict | 'cannot judge';
	readonly because?: string;
	/** What its message has to hold where it refuses: refused for another reason is no proof. */
	readonly saying?: RegExp;
}

/** One thing put before one judge. */
export interface Trial {
	/** Which table it belongs to. */
	readonly section: string;
	/** The rows of the table that sums it up, for example `keyless, Rekor v1 + TSA`. */
	readonly row: string;
	/** The statement that is signed, where there is one: another way to sum up. */
	readonly statement?: string;
	/** What exactly is judged, for example the statement in the bundle. */
	readonly item: string;
	readonly judge: string;
	readonly expectation: Expectation;
	/** Absent exactly where nothing can be judged. */
	readonly look?: () => Promise<Finding>;
}

export type Outcome = 'as expected' | 'cannot judge' | 'failed';

export interface Result {
	readonly trial: Trial;
	readonly outcome: Outcome;
	readonly finding?: Finding;
	/** What differed, where it failed. */
	readonly problem?: string;
	readonly milliseconds: number;
}

const toProblem = ({ verdict, saying }: Expectation, finding: Finding): string | undefined => {
	if (finding.verdict !== verdict)
		return `expected that it ${verdict}, but it ${finding.verdict}: ${finding.said}`;
	if (saying && !saying.test(finding.said))
		return `expected that it refuses with ${saying}, but it said: ${finding.said}`;
	return undefined;
};

const settle = async (trial: Trial): Promise<Result> => {
	const started = performance.now();
	if (!trial.look) return { trial, outcome: 'cannot judge', milliseconds: 0 };
	try {
		const finding = await trial.look();
		const problem = toProblem(trial.expectation, finding);
		const milliseconds = performance.now() - started;
		if (problem === undefined) return { trial, outcome: 'as expected', finding, milliseconds };
		return { trial, outcome: 'failed', finding, problem, milliseconds };
	} catch (thrown) {
		const milliseconds = performance.now() - started;
		return { trial, outcome: 'failed', problem: `could not be asked: ${String(thrown)}`, milliseconds };
	}
};

/** Puts every trial before its judge, some at a time. The order of results is that of the trials. */
export const runTrials = async (trials: readonly Trial[], atOnce: number): Promise<readonly Result[]> => {
	const results: Result[] = [];
	const queue = trials.entries();
	const work = async () => {
		for (const [index, trial] of queue) results[index] = await settle(trial);
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return results;
};
