import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Counts, toCountsLine, writeCounts } from './counts.ts';
import { withFastTemp } from './fast-temp.ts';
import { countAvoidableSkips, listFailedSuites, readJestCounts, withSecondTry } from './jest-results.ts';

export const runNode = (...args: readonly string[]): boolean =>
	spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;

export const runJest = (...args: readonly string[]): boolean =>
	runNode('--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args);

/** Where every tool is expected (CI on Linux), a skipped test is a test that nobody ran. */
const mayNotSkip = Boolean(process.env.CI) && process.platform === 'linux';

/** More suites than this do not fail because a machine was busy. */
const MOST_TRIED_TWICE = 5;

interface Run {
	readonly results: string;
	readonly passed: boolean;
}

const runOnce = (results: string, args: readonly string[]): Run => {
	rmSync(results, { force: true });
	const quiet = process.env.CI ? ['--reporters=./scripts/quiet-reporter.mjs'] : [];
	const passed = withFastTemp(() => runJest(...quiet, '--json', `--outputFile=${results}`, ...args));
	return { results, passed };
};

/**
 * In CI, whose machines may stand still for seconds, suites that failed are run once more, one after the other, and that
 * is said: what is wrong fails again.
 */
const runAgain = (first: Run, args: readonly string[]): Run => {
	const failed = first.passed || !process.env.CI ? [] : listFailedSuites(first.results);
	if (failed.length === 0 || failed.length > MOST_TRIED_TWICE) return first;
	console.error(`TRIED AGAIN, one after the other: ${failed.join(', ')}`);
	const results = first.results.replace(/\.json$/, '-again.json');
	const again = runOnce(results, [...args, '--runInBand', '--runTestsByPath', ...failed]);
	if (again.passed) console.error(`PASSED ONLY WHEN TRIED AGAIN: ${failed.join(', ')}`);
	return again;
};

const tellSkips = (counts: Counts, avoidable: number): void => {
	if (counts.skipped === 0) return;
	console.error(
		`${counts.skipped} SKIPPED tests (see SKIPPED above); ${avoidable} of them must run in CI, the others need data that is not here.`,
	);
};

/** Runs every test of a configuration, and leaves and prints the counts of `command`. False where anything failed. */
export const runSuite = (command: string, ...args: readonly string[]): boolean => {
	mkdirSync('.cache/results', { recursive: true });
	// One more than there are processors: many tests wait for a process, a server or a clock.
	const workers = `--maxWorkers=${Math.max(2, availableParallelism()) + 1}`;
	const first = runOnce(`.cache/results/jest-${command.replaceAll(':', '-')}.json`, [workers, ...args]);
	const last = runAgain(first, args);
	const counts = withSecondTry(readJestCounts(first.results), last === first ? undefined : last.results);
	writeCounts(command, counts);
	const avoidable = mayNotSkip && last.passed ? countAvoidableSkips(first.results) : 0;
	tellSkips(counts, avoidable);
	console.log(toCountsLine(counts));
	return last.passed && avoidable === 0;
};
