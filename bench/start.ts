// Cold starts, each beside a bare `node -e 0` of the same turn: the bundle of every action up to its first refusal (there
// are no inputs), and the command as it ships. Node's cache of compiled code is off, as on a fresh runner.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildOwnPackage } from './own-package.ts';
import { type BenchContext, type BenchRow, inTurns, toPeerRow, toSpread } from './row.ts';

const ROOT = join(import.meta.dirname, '..');
const TURNS = 7;

const listBundles = (): readonly string[] =>
	readdirSync(join(ROOT, 'actions'))
		.filter((name) => existsSync(join(ROOT, 'actions', name, 'dist/index.js')))
		.sort();

const start = (args: readonly string[], cwd: string): number => {
	const started = performance.now();
	const { error } = spawnSync(process.execPath, args, {
		cwd,
		env: { PATH: process.env.PATH, HOME: cwd, NODE_DISABLE_COMPILE_CACHE: '1', NO_COLOR: '1' },
	});
	if (error) throw error;
	return performance.now() - started;
};

const COMMANDS = [['--version'], ['--help'], ['plan']] as const;

export const benchStart = async ({ tempDir, log }: BenchContext): Promise<readonly BenchRow[]> => {
	const main = buildOwnPackage();
	const bundles = listBundles();
	log(`${bundles.length} bundles, ${TURNS} times each`);
	const contestants = {
		node: ['-e', '0'],
		...Object.fromEntries(
			bundles.map((name) => [`bundle of actions/${name}`, [join(ROOT, 'actions', name, 'dist/index.js')]]),
		),
		...Object.fromEntries(COMMANDS.map((args) => [`slipway ${args.join(' ')}`, [main, ...args]])),
	};
	const measured = await inTurns(
		TURNS,
		Object.fromEntries(Object.entries(contestants).map(([name, args]) => [name, () => start(args, tempDir)])),
	);
	const { node = [], ...others } = measured;
	return Object.entries(others).flatMap(([name, samples]) => {
		const own: BenchRow = { name: `cold start: ${name}`, unit: 'ms', ...toSpread(samples) };
		return [own, toPeerRow(own, 'node -e 0', node)];
	});
};
