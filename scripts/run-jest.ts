import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { countAvoidableSkips, readJestCounts, toCountsLine, writeCounts } from './counts.ts';
import { withFastTemp } from './fast-temp.ts';

export const runNode = (...args: readonly string[]): boolean =>
	spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;

export const runJest = (...args: readonly string[]): boolean =>
	runNode('--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args);

/** Where every tool is expected (CI on Linux), a skipped test is a test that nobody ran. */
const mayNotSkip = Boolean(process.env.CI) && process.platform === 'linux';

/** Runs every test of a configuration, and leaves and prints the counts of `command`. False where anything failed. */
export const runSuite = (command: string, ...args: readonly string[]): boolean => {
	const results = `.cache/results/jest-${command.replaceAll(':', '-')}.json`;
	rmSync(results, { force: true });
	mkdirSync('.cache/results', { recursive: true });
	// One more than there are processors: many tests wait for a process, a server or a clock.
	const workers = `--maxWorkers=${Math.max(2, availableParallelism()) + 1}`;
	const passed = withFastTemp(() => runJest('--json', `--outputFile=${results}`, workers, ...args));
	const counts = readJestCounts(results);
	writeCounts(command, counts);
	const avoidable = mayNotSkip && passed ? countAvoidableSkips(results) : 0;
	if (counts.skipped > 0)
		console.error(
			`${counts.skipped} SKIPPED tests (see SKIPPED above); ${avoidable} of them must run in CI, the others need data that is not here.`,
		);
	console.log(toCountsLine(counts));
	return passed && avoidable === 0;
};
