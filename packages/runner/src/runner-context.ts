import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type Context, type Log, SlipwayError } from '@slipway/core';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const systemClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) => delay(ms, undefined, { signal: signal as AbortSignal }),
};

const toCancellation = (signal: NodeJS.Signals): SlipwayError<RunnerCode> =>
	new SlipwayError('RUNNER_CANCELLED', `the run was cancelled (${signal})`, {
		hint: 'Run the job again: it finishes what is missing and repeats nothing.',
	});

/** Runs the task with a Context of this step: a folder of its own, and a signal that the runner's cancellation aborts. */
export const withRunnerContext = async <Result>(
	options: { readonly log: Log; readonly environment: Environment },
	task: (context: Context) => Promise<Result>,
): Promise<Result> => {
	const controller = new AbortController();
	const cancel = (signal: NodeJS.Signals): void => controller.abort(toCancellation(signal));
	const tempDir = await mkdtemp(join(options.environment.RUNNER_TEMP || tmpdir(), 'slipway-'));
	for (const signal of SIGNALS) process.on(signal, cancel);
	try {
		return await task({ log: options.log, clock: systemClock, tempDir, signal: controller.signal });
	} finally {
		for (const signal of SIGNALS) process.off(signal, cancel);
		await rm(tempDir, { recursive: true, force: true });
	}
};
