import { generateSigningKey, readSigningKey } from '@slipway/deb';
import { serveLoopback } from '@slipway/http';
import { VirtualClock } from '@slipway/testing';
import fc from 'fast-check';
import { anyCommands } from './commands.ts';
import { explain } from './explain.ts';
import { toOperations } from './history.ts';
import { findReplacedBytes } from './model.ts';
import { SimulatedBucket } from './simulated-store.ts';
import { look, verifyPlain, type World } from './simulated-world.ts';

const settleAll = async (world: World): Promise<void> => {
	await world.waitFor(Promise.all(world.open.splice(0)));
	await look(world);
	await verifyPlain(world);
};

/** @throws Error where no order of the operations explains what they were told */
const verifyHistory = (world: World): void => {
	const operations = toOperations(world.events);
	const replaced = findReplacedBytes(operations);
	if (replaced.length > 0) throw new Error(replaced.join('\n'));
	const explanation = explain(operations, new Map());
	if (explanation.verdict !== 'explained') throw new Error(`${explanation.verdict}: ${explanation.reason}`);
};

export interface InterleavingOptions {
	readonly runs: number;
	readonly seed: number;
	/** False: the store compares nothing, and this has to be noticed. */
	readonly compares: boolean;
}

/**
 * Publishers of one process on a simulated bucket, in which the order of all requests is decided by chance: releases,
 * rollbacks and readers as commands, their history checked against the model. Gives the number of operations.
 * @throws Error with the seed and path of fast-check, and the shortest commands and order that fail
 */
export const checkInterleavings = async ({ runs, seed, compares }: InterleavingOptions): Promise<number> => {
	const generated = await generateSigningKey({
		name: 'Races',
		email: 'races@example.org',
		days: 3650,
		createdAt: Date.parse('2026-01-01T00:00:00Z'),
	});
	const key = await readSigningKey(generated.privateKey);
	const server = await serveLoopback((_, response) => {
		// It does not say what time it is: the clock of these processes stands still.
		response.sendDate = false;
		response.writeHead(404).end();
	});
	let moves = 0;
	const property = fc.asyncProperty(anyCommands(), fc.scheduler(), async (commands, scheduler) => {
		const world: World = {
			bucket: new SimulatedBucket({ compares }),
			clock: new VirtualClock(),
			key,
			url: server.origin,
			turn: (request) => scheduler.schedule(Promise.resolve(), request),
			waitFor: (task) => scheduler.waitFor(task),
			open: [],
			events: [],
			debs: [],
			exposed: [],
			time: 0,
			processes: 0,
		};
		await fc.asyncModelRun(() => ({ model: { released: 0 }, real: world }), commands);
		await settleAll(world);
		verifyHistory(world);
		moves += world.processes;
	});
	try {
		await fc.assert(property, { numRuns: runs, seed, endOnFailure: !compares });
		return moves;
	} finally {
		await server.close();
	}
};
