#!/usr/bin/env node
import type { Io } from './command.ts';

// Whoever reads our output may stop early (`slipway status | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
	});
}

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** What is started often, or first of all, is loaded alone: the other commands bring the whole transaction with them. */
const ALONE: Readonly<Record<string, () => Promise<{ readonly run: Run }>>> = {
	apt: () => import('./alone/apt.ts'),
	sbom: () => import('./alone/sbom.ts'),
	init: () => import('./alone/init.ts'),
};

const run: Run = async (args, io) => {
	const [name = ''] = args;
	const load = Object.hasOwn(ALONE, name) ? ALONE[name] : undefined;
	return load === undefined ? (await import('./program.ts')).runCli(args, io) : (await load()).run(args, io);
};

const { env: environment, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { environment, cwd: process.cwd(), stdout, stderr });
