import { type Argv, run } from '@slipway/process';

interface NiceOptions {
	readonly cwd?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a long build so that whatever else the machine does goes first. @throws Error with the end of its output */
export const runNicely = async (argv: Argv, { cwd, environment }: NiceOptions = {}): Promise<string> => {
	const finished = await run(['nice', '-n', '19', ...argv], {
		cwd: cwd ?? process.cwd(),
		environment: { ...process.env, ...environment },
		timeoutMs: 20 * 60_000,
	});
	if (finished.code === 0) return finished.stdout;
	const tail = (finished.stderr || finished.stdout).trim().slice(-1500);
	throw new Error(`${argv.join(' ')} ended with ${finished.signal ?? finished.code}:\n${tail}`);
};
