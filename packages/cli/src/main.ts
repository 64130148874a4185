#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './command.ts';
import { ONE_COMMAND } from './one-command.ts';

// Whoever reads our output may stop early (`slipway status | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
	});
}

/** Beside what other programs keep for this user: code that others could have written must not run with our rights. */
const toCacheFolder = (): string =>
	join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway', 'compiled');

// What Node compiled is kept for the next start, unless NODE_COMPILE_CACHE or NODE_DISABLE_COMPILE_CACHE say otherwise.
enableCompileCache(toCacheFolder());

type Run = (args: readonly string[], io: Io) => Promise<number>;

/** What is started often, or first of all, is loaded alone: the other commands bring the whole transaction with them. */
const ALONE: Readonly<Record<string, () => Promise<{ readonly run: Run }>>> = {
	apt: () => import('./alone/apt.ts'),
	sbom: () => import('./alone/sbom.ts'),
	init: () => import('./alone/init.ts'),
};

const runOne: Run = async (args, io) => {
	const load = ONE_COMMAND[args[0] ?? ''];
	const [{ runProgram }, add] = await Promise.all([import('./run-program.ts'), load?.()]);
	return runProgram(args, io, add ? [add] : []);
};

const run: Run = async (args, io) => {
	const [name = ''] = args;
	const load = Object.hasOwn(ALONE, name) ? ALONE[name] : undefined;
	if (load !== undefined) return (await load()).run(args, io);
	if (name === '--version' || Object.hasOwn(ONE_COMMAND, name)) return runOne(args, io);
	return (await import('./program.ts')).runCli(args, io);
};

const { env: environment, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { environment, cwd: process.cwd(), stdout, stderr });
