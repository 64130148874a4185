// `npm test`: the static checks, then every test. With arguments, only jest, with these arguments.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { countAvoidableSkips, readJestCounts, toCountsLine, writeCounts } from './counts.ts';
import { provideSystemPackages } from './system-packages.ts';

const RESULTS = '.cache/results/jest.json';

const runNode = (...args: readonly string[]): boolean =>
	spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;

const runJest = (...args: readonly string[]): boolean =>
	runNode('--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...args);

/** Where every tool is expected (CI on Linux), a skipped test is a test that nobody ran. */
const mayNotSkip = Boolean(process.env.CI) && process.platform === 'linux';

const runAll = (): boolean => {
	provideSystemPackages();
	const checked = runNode('scripts/check.ts');
	rmSync(RESULTS, { force: true });
	mkdirSync('.cache/results', { recursive: true });
	const passed = runJest(
		'--json',
		`--outputFile=${RESULTS}`,
		`--maxWorkers=${Math.max(2, availableParallelism())}`,
	);
	const counts = readJestCounts(RESULTS);
	writeCounts('test', counts);
	if (!checked)
		console.error('The static checks failed: see the top of this output, or run `npm run check`.');
	const avoidable = mayNotSkip && passed ? countAvoidableSkips(RESULTS) : 0;
	if (counts.skipped > 0)
		console.error(
			`${counts.skipped} SKIPPED tests (see SKIPPED above); ${avoidable} of them must run in CI, the others need data that is not here.`,
		);
	console.log(toCountsLine(counts));
	return checked && passed && avoidable === 0;
};

const args = process.argv.slice(2);
process.exitCode = (args.length > 0 ? runJest(...args) : runAll()) ? 0 : 1;
