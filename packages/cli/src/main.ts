#!/usr/bin/env node
import type { Io } from './command.ts';

// Whoever reads our output may stop early (`slipway status | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
	});
}

/** What is started often and alone is loaded alone: the other commands bring the whole transaction with them. */
const run = async (args: readonly string[], io: Io): Promise<number> => {
	if (args[0] !== 'sbom') return (await import('./program.ts')).runCli(args, io);
	const [{ runProgram }, { addSbom }] = await Promise.all([
		import('./run-program.ts'),
		import('./commands/sbom.ts'),
	]);
	return runProgram(args, io, [addSbom]);
};

const { env: environment, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { environment, cwd: process.cwd(), stdout, stderr });
