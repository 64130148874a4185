// What jest left with --json.
import { existsSync, readFileSync } from 'node:fs';
import type { Counts } from './counts.ts';

interface JestSuite {
	readonly name: string;
	readonly status: string;
	readonly assertionResults: readonly { readonly status: string }[];
}

const readSuites = (path: string): readonly JestSuite[] =>
	existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).testResults : [];

/** A suite, or a jest, that could not even start counts as one failure. */
export const readJestCounts = (path: string): Counts => {
	if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
	const result = JSON.parse(readFileSync(path, 'utf8'));
	return {
		passed: result.numPassedTests,
		failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
		skipped: result.numPendingTests + result.numTodoTests,
	};
};

/** Paths of the suites in which anything failed. */
export const listFailedSuites = (path: string): readonly string[] =>
	readSuites(path)
		.filter(({ status }) => status === 'failed')
		.map(({ name }) => name);

/** The counts of a run of which the failed suites were tried again: each test is counted once, as it ended the second time. */
export const withSecondTry = (first: Counts, again: string | undefined): Counts => {
	if (again === undefined) return first;
	const { failed } = readJestCounts(again);
	return { ...first, passed: first.passed + first.failed - failed, failed };
};

/**
 * Tests that read data of others (a conformance suite, an official schema), which lies beside the repository or nowhere: each says
 * so loudly and is counted as skipped, but cannot be made to run by installing anything.
 */
const DATA_OF_OTHERS = [
	'packages/verify/src/conformance.test.ts',
	'packages/cli/src/commands/conformance.test.ts',
	'packages/gate/src/vex/vex.test.ts',
	'packages/gate/src/report/report.test.ts',
];

/** Skipped tests that a machine with every tool would have run. */
export const countAvoidableSkips = (path: string): number =>
	readSuites(path)
		.filter(({ name }) => !DATA_OF_OTHERS.some((file) => name.replaceAll('\\', '/').endsWith(`/${file}`)))
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status !== 'passed' && status !== 'failed').length;
