import { createHash } from 'node:crypto';

const hash = (prefix: number, ...parts: readonly Uint8Array[]): Uint8Array => {
	const sum = createHash('sha256').update(Uint8Array.of(prefix));
	for (const part of parts) sum.update(part);
	return new Uint8Array(sum.digest());
};

/** MTH of one entry (RFC 6962, 2.1). */
export const toLeafHash = (entry: Uint8Array): Uint8Array => hash(0x00, entry);

const toNodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => hash(0x01, left, right);

/** Where the left subtree of `size` leaves ends: the largest power of two below it. */
const toSplit = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** An append-only Merkle tree (RFC 6962). It keeps 64 bytes a leaf; appending and proving take log(n) hashes. */
export class MerkleTree {
	/** Hashes of all complete subtrees, by their height. */
	readonly #levels: Uint8Array[][] = [[]];

	get size(): number {
		return this.#levels[0]?.length ?? 0;
	}

	/** @returns the index of the new leaf */
	append(leafHash: Uint8Array): number {
		const index = this.size;
		let node = leafHash;
		for (let height = 0; ; height += 1) {
			this.#levels[height] ??= [];
			const level = this.#levels[height] as Uint8Array[];
			level.push(node);
			const left = level.at(-2);
			if (level.length % 2 || !left) return index;
			node = toNodeHash(left, node);
		}
	}

	#toHash(start: number, size: number): Uint8Array {
		const height = Math.log2(size);
		const complete = Number.isInteger(height) ? this.#levels[height]?.[start / size] : undefined;
		if (complete) return complete;
		const split = toSplit(size);
		return toNodeHash(this.#toHash(start, split), this.#toHash(start + split, size - split));
	}

	/** Of all leaves; that of an empty tree is the hash of nothing. */
	toRootHash(): Uint8Array {
		return this.size === 0 ? createHash('sha256').digest() : this.#toHash(0, this.size);
	}

	/** The audit path of a leaf, from the leaf up (RFC 6962, 2.1.1). */
	toInclusionProof(index: number): Uint8Array[] {
		const path: Uint8Array[] = [];
		let [start, size] = [0, this.size];
		while (size > 1) {
			const split = toSplit(size);
			const left = index - start < split;
			path.unshift(left ? this.#toHash(start + split, size - split) : this.#toHash(start, split));
			start = left ? start : start + split;
			size = left ? split : size - split;
		}
		return path;
	}
}
