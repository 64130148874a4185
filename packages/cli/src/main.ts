#!/usr/bin/env node
import type { Io } from './command.ts';
import type { AddCommand } from './run-program.ts';

// Whoever reads our output may stop early (`slipway status | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
	});
}

/** What is started often, or first of all, is loaded alone: the other commands bring the whole transaction with them. */
const ALONE: Readonly<Record<string, () => Promise<AddCommand>>> = {
	sbom: async () => (await import('./commands/sbom.ts')).addSbom,
	init: async () => (await import('./commands/init.ts')).addInit,
};

const run = async (args: readonly string[], io: Io): Promise<number> => {
	const [name = ''] = args;
	const load = Object.hasOwn(ALONE, name) ? ALONE[name] : undefined;
	if (load === undefined) return (await import('./program.ts')).runCli(args, io);
	const [{ runProgram }, add] = await Promise.all([import('./run-program.ts'), load()]);
	return runProgram(args, io, [add]);
};

const { env: environment, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { environment, cwd: process.cwd(), stdout, stderr });
