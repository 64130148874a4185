import { findExecutable } from '@slipway/process';

type Environment = Readonly<Record<string, string | undefined>>;

/** Absolute path of a program on PATH, or undefined. */
export const findTool = (tool: string, environment: Environment = process.env): string | undefined =>
	findExecutable(tool, environment.PATH ?? environment.Path);

/** What becomes of tests that need `tool`: they run, are skipped with a loud line, or fail (in CI nothing is skipped). */
export const toToolVerdict = (
	tool: string,
	environment: Environment = process.env,
): 'run' | 'skip' | 'fail' => {
	if (findTool(tool, environment) !== undefined) return 'run';
	return environment.CI ? 'fail' : 'skip';
};

/**
 * `describe` for tests that need a program: runs them when `tool` is on PATH. Where it is absent, a laptop skips them
 * with a line that names it, and CI fails.
 */
export const describeWith = (tool: string, name: string, body: () => void): void => {
	const verdict = toToolVerdict(tool);
	if (verdict === 'run') return void describe(name, body);
	if (verdict === 'skip') {
		process.stderr.write(`\nSKIPPED: "${name}" needs ${tool}, which is not installed\n`);
		return void describe.skip(name, body);
	}
	describe(name, () => {
		test(`needs ${tool}`, () => {
			throw new Error(`expected ${tool} on PATH (CI skips nothing): install it before the tests run`);
		});
	});
};
