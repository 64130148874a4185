// Called by .ci/run once the dependencies are there. Runs every command even when an earlier one failed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { addCounts, type Counts, clearCounts, readCounts, toCountsLine } from './counts.ts';

const COMMANDS = [
	'test',
	'lint:workflows',
	'test:whole',
	'check:dist',
	'fuzz',
	'stores',
	'races',
	'scenarios',
	'faults',
	'judges',
];

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Suites that `test:whole` runs at length are not run twice. */
const env = { ...process.env, ...(scripts['test:whole'] ? { SLIPWAY_WHOLE_FOLLOWS: 'true' } : {}) };

interface Ended extends Counts {
	readonly line: string;
}

const runCommand = (command: string): Ended => {
	clearCounts(command);
	console.log(`\n--- npm run ${command}`);
	const started = performance.now();
	const { status } = spawnSync('npm', ['run', '--silent', command], { stdio: 'inherit', env });
	const counts = readCounts(command) ?? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
	// A command that ended badly never counts as clean, whatever its own counts say.
	const failed = status === 0 ? counts.failed : Math.max(1, counts.failed);
	const seconds = Math.round((performance.now() - started) / 1000);
	const line = `npm run ${command}: ${toCountsLine({ ...counts, failed })} in ${seconds} s`;
	console.log(`--- ${line}`);
	return { ...counts, failed, line };
};

const ended = COMMANDS.filter((command) => scripts[command]).map(runCommand);
const total = addCounts(ended);
// A command itself fails for a skipped test that could have run; what is left is data that is not here.
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${ended.map(({ line }) => line).join('\n')}`);
console.log(toCountsLine(total));
