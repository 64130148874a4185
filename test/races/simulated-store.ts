import type { Change, Store, StoredFile, WriteOutcome } from '@slipway/store';

/** Lets a request of a store wait until somebody decides that it is its turn. */
export type Turn = (request: string) => Promise<void>;

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** What lies in a bucket, and its one rule: a change happens if its condition holds at that moment. */
export class SimulatedBucket {
	readonly files = new Map<string, StoredFile>();
	readonly #compares: boolean;
	#versions = 0;

	constructor({ compares }: { readonly compares: boolean }) {
		this.#compares = compares;
	}

	#isMet(change: Change): boolean {
		const found = this.files.get(change.path);
		if (change.kind === 'replace') return (found?.version ?? null) === change.version;
		return change.kind !== 'create' || !found || isSame(found.bytes, change.bytes);
	}

	apply(change: Change): boolean {
		if (this.#compares && !this.#isMet(change)) return false;
		if (change.kind === 'remove') this.files.delete(change.path);
		else {
			this.#versions += 1;
			this.files.set(change.path, { bytes: Uint8Array.from(change.bytes), version: `v${this.#versions}` });
		}
		return true;
	}
}

/** A Store on a simulated bucket that writes file by file, each of its requests in its turn. */
export const simulatedStore = (bucket: SimulatedBucket, turn: Turn): Store => ({
	description: 'simulated bucket',
	read: async (path) => {
		await turn(`read ${path}`);
		return bucket.files.get(path) ?? null;
	},
	list: async (prefix) => {
		await turn(`list ${prefix}`);
		const below = prefix === '' ? '' : `${prefix}/`;
		return [...bucket.files.keys()].filter((path) => path.startsWith(below)).sort();
	},
	write: async (changes, guard = async () => {}): Promise<WriteOutcome> => {
		for (const change of changes) {
			await guard();
			await turn(`${change.kind} ${change.path}`);
			if (!bucket.apply(change)) return { outcome: 'conflict', path: change.path };
		}
		return { outcome: 'written' };
	},
});
