#!/usr/bin/env node
import { runCli } from './program.ts';

// Whoever reads our output may stop early (`slipway status | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
	});
}

const { env: environment, stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), { environment, cwd: process.cwd(), stdout, stderr });
