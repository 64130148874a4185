// Tells the stories of many seeds in a thread of its own, beside whatever else is tried.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Seeds, trySeeds } from './seeds.ts';

/** As trySeeds. @throws what a story throws that is no violation */
export const trySeedsApart = async (first: number, count: number): Promise<Seeds> => {
	const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { first, count } });
	const [seeds] = await once(worker, 'message');
	await worker.terminate();
	return seeds;
};

if (!isMainThread) {
	const { first, count } = workerData as { readonly first: number; readonly count: number };
	parentPort?.postMessage(await trySeeds(first, count));
}
