import { createHash } from 'node:crypto';
import { MerkleTree, toLeafHash } from './merkle-tree.ts';

const node = (left: Uint8Array, right: Uint8Array) =>
	createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest();

/** MTH as RFC 6962, 2.1 defines it, without anything remembered. */
const toReference = (leaves: readonly Uint8Array[]): Uint8Array => {
	const [only] = leaves;
	if (leaves.length === 1 && only) return only;
	let split = 1;
	while (split * 2 < leaves.length) split *= 2;
	return node(toReference(leaves.slice(0, split)), toReference(leaves.slice(split)));
};

/** The root that a path leads to (RFC 9162, 2.1.3.2). */
const toRoot = (path: readonly Uint8Array[], leaf: Uint8Array, index: number, size: number): Uint8Array => {
	let [hash, at, last] = [leaf, index, size - 1];
	for (const sibling of path) {
		if (at % 2 === 1 || at === last) {
			hash = node(sibling, hash);
			while (at % 2 === 0 && at !== 0) [at, last] = [at >> 1, last >> 1];
		} else hash = node(hash, sibling);
		[at, last] = [at >> 1, last >> 1];
	}
	return hash;
};

const toLeaves = (size: number) =>
	Array.from({ length: size }, (_, index) => toLeafHash(Buffer.from(`${index}`)));

test('the root of each size up to 40 is what the RFC says', () => {
	const tree = new MerkleTree();
	const leaves = toLeaves(40);
	leaves.forEach((leaf, index) => {
		expect(tree.append(leaf)).toBe(index);
		expect(Buffer.from(tree.toRootHash())).toEqual(Buffer.from(toReference(leaves.slice(0, index + 1))));
	});
});

test('the path of every leaf leads to the root, in trees of every size up to 40', () => {
	const tree = new MerkleTree();
	const leaves = toLeaves(40);
	for (const leaf of leaves) {
		tree.append(leaf);
		const root = Buffer.from(tree.toRootHash());
		for (let index = 0; index < tree.size; index += 1) {
			const path = tree.toInclusionProof(index);
			expect(Buffer.from(toRoot(path, leaves[index] as Uint8Array, index, tree.size))).toEqual(root);
		}
	}
});

test('an empty tree has the hash of nothing', () => {
	expect(Buffer.from(new MerkleTree().toRootHash()).toString('hex')).toBe(
		'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
	);
});
