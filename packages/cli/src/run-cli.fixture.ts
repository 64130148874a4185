import { runCli } from './program.ts';

/** What a command line came to. */
export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

const toStream = (parts: string[]): NodeJS.WriteStream =>
	({ isTTY: false, write: (text: string) => parts.push(text) > 0 }) as unknown as NodeJS.WriteStream;

/**
 * Runs one command line as `main.ts` does, in this process: a start of node for each of many lines costs more than what
 * they do. Some are started as processes all the same, wherever that is what matters. One line at a time: paths on the
 * command line count from the folder that a process is in.
 */
export const runHere = async (
	args: readonly string[],
	{ cwd, environment }: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
): Promise<Ran> => {
	const [stdout, stderr]: [string[], string[]] = [[], []];
	const io = { cwd, environment, stdout: toStream(stdout), stderr: toStream(stderr) };
	const home = process.cwd();
	process.chdir(cwd);
	try {
		const code = await runCli(args, io);
		return { code, stdout: stdout.join(''), stderr: stderr.join('') };
	} finally {
		process.chdir(home);
	}
};
