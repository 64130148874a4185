/**
 * Applies a task to each item, `parallel` at a time, and gives the results in order. Items are taken as results leave,
 * so that no more than `parallel` of either are held. The first failure ends it; what is on its way then ends by itself.
 */
export async function* mapInOrder<Item, Result>(
	items: Iterable<Item> | AsyncIterable<Item>,
	task: (item: Item) => Promise<Result>,
	parallel: number,
): AsyncGenerator<Result, void, undefined> {
	const running: Promise<Result>[] = [];
	for await (const item of items) {
		const result = task(item);
		// Whoever awaits it hears of it; until then it is no unhandled rejection.
		result.catch(() => undefined);
		running.push(result);
		if (running.length >= parallel) yield (await running.shift()) as Result;
	}
	for (const result of running) yield await result;
}
