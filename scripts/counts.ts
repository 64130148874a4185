import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What one command found, as its test runner counted it. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** Where a command leaves its counts for whoever sums them. */
export const toCountsPath = (command: string): string =>
	`.cache/results/${command.replaceAll(':', '-')}.json`;

export const toCountsLine = ({ passed, failed, skipped }: Counts): string =>
	`${passed} passed, ${failed} failed, ${skipped} skipped`;

export const addCounts = (all: readonly Counts[]): Counts => ({
	passed: all.reduce((sum, { passed }) => sum + passed, 0),
	failed: all.reduce((sum, { failed }) => sum + failed, 0),
	skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
});

/** Reads what jest wrote with --json: a suite, or a jest, that could not even start counts as one failure. */
export const readJestCounts = (path: string): Counts => {
	if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
	const result = JSON.parse(readFileSync(path, 'utf8'));
	return {
		passed: result.numPassedTests,
		failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
		skipped: result.numPendingTests + result.numTodoTests,
	};
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

interface JestSuite {
	readonly name: string;
	readonly assertionResults: readonly { readonly status: string }[];
}

/** Skipped tests that a machine with every tool would have run. */
export const countAvoidableSkips = (path: string): number => {
	const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as { readonly testResults: JestSuite[] };
	return testResults
		.filter(({ name }) => !DATA_OF_OTHERS.some((file) => name.replaceAll('\\', '/').endsWith(`/${file}`)))
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status !== 'passed' && status !== 'failed').length;
};

export const clearCounts = (command: string): void => rmSync(toCountsPath(command), { force: true });

export const writeCounts = (command: string, counts: Counts): void => {
	mkdirSync(dirname(toCountsPath(command)), { recursive: true });
	writeFileSync(toCountsPath(command), JSON.stringify(counts));
};

/** undefined: the command ended before it had counts. */
export const readCounts = (command: string): Counts | undefined => {
	try {
		return JSON.parse(readFileSync(toCountsPath(command), 'utf8'));
	} catch {
		return undefined;
	}
};
