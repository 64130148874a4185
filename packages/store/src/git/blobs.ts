import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import { PARTIAL, type PrivateRepository } from './private-repository.ts';
import { shareNext } from './share-next.ts';

/** Kept in memory: small files, as many as fit. */
const KEPT_BLOB = 256 * 1024;
const KEPT_TOTAL = 16 * 1024 * 1024;

/** Reads what `git cat-file --batch` prints: for each blob `<id> blob <size>`, a newline, its bytes, a newline. */
const parseBatch = (output: Buffer): ReadonlyMap<string, Uint8Array> => {
	const blobs = new Map<string, Uint8Array>();
	for (let start = 0; start < output.length; ) {
		const end = output.indexOf(10, start);
		const [id = '', type, size] = output.toString('latin1', start, end).split(' ');
		if (type !== 'blob') throw missing(id);
		blobs.set(id, output.subarray(end + 1, end + 1 + Number(size)));
		start = end + 2 + Number(size);
	}
	return blobs;
};

const missing = (id: string): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>('STORE_UNREADABLE', `expected the bytes of ${id} in the repository, got none`, {
		hint: 'The repository is damaged: look at it with `git fsck`.',
	});

/** The bytes of files by their git id. What is asked for at the same time is read at once; small ones are kept. */
export class Blobs {
	readonly #read: () => Promise<ReadonlyMap<string, Uint8Array>>;
	readonly #kept = new Map<string, Uint8Array>();
	#keptBytes = 0;
	#wanted = new Set<string>();

	constructor(open: () => Promise<PrivateRepository>) {
		this.#read = shareNext(async () => {
			const ids = [...this.#wanted];
			this.#wanted = new Set();
			const repository = await open();
			return parseBatch(
				await repository.gitBytes([...PARTIAL, 'cat-file', '--batch'], `${ids.join('\n')}\n`),
			);
		});
	}

	/** A copy of its own. @throws SlipwayError STORE_UNREADABLE, STORE_UNREACHABLE */
	async read(id: string): Promise<Uint8Array> {
		const kept = this.#kept.get(id);
		if (kept) return new Uint8Array(kept);
		this.#wanted.add(id);
		const bytes = (await this.#read()).get(id);
		if (!bytes) throw missing(id);
		this.keep(id, bytes);
		return new Uint8Array(bytes);
	}

	/** Spares the next read. */
	keep(id: string, bytes: Uint8Array): void {
		if (bytes.length > KEPT_BLOB || this.#kept.has(id)) return;
		this.#kept.set(id, new Uint8Array(bytes));
		this.#keptBytes += bytes.length;
		for (const [oldest, { length }] of this.#kept) {
			if (this.#keptBytes <= KEPT_TOTAL) return;
			this.#kept.delete(oldest);
			this.#keptBytes -= length;
		}
	}
}
