import type { Change, Store, StoreCode, StoredFile, WriteOutcome } from '@slipway/store';
import type { Process } from './process.ts';
import { type Answer, ask, toUnanswered, type Wire } from './wire.ts';

/** The files of a store; they outlive whoever writes them. */
export class MemoryFiles {
	readonly #files = new Map<string, StoredFile>();
	#version = 0;
	/** When each fence was taken. */
	readonly fences = new Map<number, number>();

	read(path: string): StoredFile | null {
		return this.#files.get(path) ?? null;
	}

	list(prefix: string): readonly string[] {
		const paths = [...this.#files.keys()];
		return paths.filter((path) => prefix === '' || path.startsWith(`${prefix}/`)).sort();
	}

	put(path: string, bytes: Uint8Array): void {
		this.#version += 1;
		this.#files.set(path, { bytes, version: String(this.#version) });
	}

	remove(path: string): void {
		this.fences.delete(toFenceNumber(path) ?? 0);
		this.#files.delete(path);
	}

	/** @returns false for a conflict */
	apply(change: Change): boolean {
		const found = this.read(change.path);
		if (change.kind === 'remove') this.remove(change.path);
		else if (change.kind === 'put') this.put(change.path, change.bytes);
		else if (change.kind === 'create') {
			if (found) return Buffer.compare(found.bytes, change.bytes) === 0;
			this.put(change.path, change.bytes);
		} else {
			if ((found?.version ?? null) !== change.version) return false;
			this.put(change.path, change.bytes);
		}
		return true;
	}
}

const toFenceNumber = (path: string): number | undefined => {
	const number = /^fences\/.*\/(\d+)\.json$/.exec(path)?.[1];
	return number === undefined ? undefined : Number(number);
};

const settle = <Value>(code: StoreCode, answer: Answer<Value>): Value => {
	if (answer.kind === 'answer') return answer.value;
	throw toUnanswered(code, 'the store of the journal', answer);
};

/** A Store over files in memory, as one process reaches it. */
export const memoryStore = (wire: Wire, process: Process, files: MemoryFiles): Store => {
	const read = async <Value>(what: string, effect: () => Value): Promise<Value> =>
		settle('STORE_UNREADABLE', await ask(wire, process, { server: 'journal', what, mutates: false, effect }));
	const write = async (changes: readonly Change[], guard?: () => Promise<void>): Promise<WriteOutcome> => {
		for (const change of changes) {
			await guard?.();
			const { kind, path } = change;
			const effect = () => {
				const isDone = files.apply(change);
				const number = toFenceNumber(path);
				if (isDone && number !== undefined) {
					wire.onFence(process, number, !files.fences.has(number) || process.fence === number);
					process.fence = number;
					files.fences.set(number, wire.time.now);
				}
				return isDone;
			};
			const call = { server: 'journal', what: `${kind} ${path}`, mutates: true, effect };
			const isDone = settle('STORE_UNREACHABLE', await ask(wire, process, call));
			if (!isDone) return { outcome: 'conflict', path };
		}
		return { outcome: 'written' };
	};
	return {
		description: 'files in memory',
		read: (path) => read(`read ${path}`, () => files.read(path)),
		list: (prefix) => read(`list ${prefix}`, () => files.list(prefix)),
		write,
	};
};
