import { SlipwayError } from '@slipway/core';
import type { Store } from '@slipway/store';
import { toBytes, toText } from './describe-store-subject.ts';

type Task = (store: Store, parameters: readonly string[]) => Promise<void>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Creates `count` paths, in the same order as all others, with bytes of its own; prints each outcome. */
const createAll: Task = async (store, [name = '', count = '0']) => {
	for (let index = 0; index < Number(count); index += 1) {
		const { outcome } = await store.write([
			{ kind: 'create', path: `race/${index}`, bytes: toBytes(`${name}\n`.repeat(2000)) },
		]);
		print(outcome);
	}
};

/** Adds one to the number in `path`, again and again; prints `+` after each that the store reported as written. */
const incrementAll: Task = async (store, [path = '', count = '0', padding = '0']) => {
	for (let done = 0; done < Number(count); ) {
		const file = await store.read(path);
		const next = Number((toText(file) ?? '0').trim()) + 1;
		const { outcome } = await store.write([
			{
				kind: 'replace',
				path,
				bytes: toBytes(`${next}${' '.repeat(Number(padding))}\n`),
				version: file?.version ?? null,
			},
		]);
		if (outcome === 'conflict') continue;
		done += 1;
		print('+');
	}
};

/** A small publication: two files, an index over them, and the head that switches to it. Prints the outcome. */
const publish: Task = async (store, [round = '']) => {
	const head = await store.read('head');
	const bytes = toBytes(`round ${round}\n`);
	const { outcome } = await store.write([
		{ kind: 'create', path: `pool/${round}/a`, bytes },
		{ kind: 'create', path: `pool/${round}/b`, bytes },
		{ kind: 'put', path: 'index', bytes },
		{ kind: 'replace', path: 'head', bytes, version: head?.version ?? null },
		...(round === '1' ? [] : [{ kind: 'remove', path: `pool/${Number(round) - 1}/a` } as const]),
	]);
	print(outcome);
};

const TASKS: Readonly<Record<string, Task>> = { createAll, incrementAll, publish };

/** Runs one task (its name and parameters) once a line arrives on standard input. Prints a line a result. */
export const runStoreWriter = async (
	store: Store,
	[name = '', ...parameters]: readonly string[],
): Promise<void> => {
	await store.list('');
	print('ready');
	await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve));
	try {
		await TASKS[name]?.(store, parameters);
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError)) throw thrown;
		print(`error ${thrown.code} ${JSON.stringify(thrown.hint)}`);
	}
	process.stdin.destroy();
};
