import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock, Context, Log } from '@slipway/core';

const clock: Clock = {
	now: () => Date.now(),
	sleep: async (ms, signal) => {
		await setTimeout(ms, undefined, signal ? { signal } : {}).catch((thrown) => {
			throw signal?.reason ?? thrown;
		});
	},
};

/** Gives the task a Context: a folder that is removed afterwards, and a signal that SIGINT and SIGTERM abort. */
export const withContext = async <T>(log: Log, task: (context: Context) => Promise<T>): Promise<T> => {
	const controller = new AbortController();
	const interrupt = (name: NodeJS.Signals) => controller.abort(new Interrupted(name));
	process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
	const tempDir = await mkdtemp(join(tmpdir(), 'slipway-'));
	try {
		return await task(Object.freeze({ log, clock, tempDir, signal: controller.signal }));
	} catch (thrown) {
		throw controller.signal.aborted ? toInterrupted(controller.signal.reason, thrown) : thrown;
	} finally {
		process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
		await rm(tempDir, { recursive: true, force: true });
	}
};

/** Whatever layer noticed the signal first (a child, a request, a wait): the run was interrupted, and says so. */
const toInterrupted = (reason: unknown, thrown: unknown): Interrupted =>
	thrown instanceof Interrupted
		? thrown
		: new Interrupted(reason instanceof Interrupted ? reason.signal : 'a signal');

/** The run was asked to stop; nothing is lost, the same command goes on. */
export class Interrupted extends Error {
	readonly signal: string;

	constructor(signal: string) {
		super(
			`interrupted by ${signal}: nothing is lost; run the same command again, or look with slipway status VERSION`,
		);
		this.name = 'Interrupted';
		this.signal = signal;
	}
}
