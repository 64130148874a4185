import { setTimeout } from 'node:timers/promises';
import { mapInOrder } from './map-in-order.ts';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
};

test('results come in order, with no more than so many on their way', async () => {
	let running = 0;
	let most = 0;
	let taken = 0;
	const held: number[] = [];
	const items = async function* () {
		for (let number = 0; number < 200; number += 1) {
			taken += 1;
			yield number;
		}
	};
	const task = async (number: number) => {
		running += 1;
		most = Math.max(most, running);
		await setTimeout((number * 7) % 5);
		running -= 1;
		return number * 2;
	};
	const results: number[] = [];
	for await (const result of mapInOrder(items(), task, 5)) {
		results.push(result);
		held.push(taken - results.length);
	}
	expect(results).toEqual(Array.from({ length: 200 }, (_, number) => number * 2));
	expect(most).toBe(5);
	expect(Math.max(...held)).toBeLessThanOrEqual(5);
});

test('the first failure ends it, and no other one is left unhandled', async () => {
	const task = async (number: number) => {
		await setTimeout(1);
		if (number >= 3) throw new Error(`no ${number}`);
		return number;
	};
	await expect(collect(mapInOrder([0, 1, 2, 3, 4, 5, 6], task, 4))).rejects.toThrow('no 3');
	await setTimeout(20);
});

test('nothing in, nothing out; plain lists too', async () => {
	expect(await collect(mapInOrder([], async () => 1, 3))).toEqual([]);
	expect(await collect(mapInOrder(new Set([1, 2]), async (number) => number, 3))).toEqual([1, 2]);
});
