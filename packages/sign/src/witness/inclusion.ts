import { createHash } from 'node:crypto';

/** A proof that a leaf lies in a tree (RFC 6962, 2.1.1), and the signed head of that tree. */
export interface InclusionProof {
	readonly logIndex: bigint;
	readonly treeSize: bigint;
	readonly rootHash: Buffer;
	readonly hashes: readonly Buffer[];
	/** A signed note (c2sp.org/tlog-checkpoint). */
	readonly checkpoint: string;
}

const hash = (...parts: readonly Uint8Array[]): Buffer => {
	const sha256 = createHash('sha256');
	for (const part of parts) sha256.update(part);
	return sha256.digest();
};

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root that a leaf and its path give; undefined where the path has another length than the tree asks for. */
const toRoot = (leaf: Uint8Array, { logIndex, treeSize, hashes }: InclusionProof): Buffer | undefined => {
	let index = logIndex;
	let last = treeSize - 1n;
	let root = hash(LEAF, leaf);
	for (const sibling of hashes) {
		if (last === 0n) return undefined;
		if (index % 2n === 1n || index === last) {
			root = hash(NODE, sibling, root);
			for (; index % 2n === 0n && index !== 0n; index /= 2n) last /= 2n;
		} else {
			root = hash(NODE, root, sibling);
		}
		index /= 2n;
		last /= 2n;
	}
	return last === 0n ? root : undefined;
};

/** Size and root of a checkpoint that somebody signed: origin, size, root, then an empty line and signatures. */
const readCheckpoint = (text: string): { size: string; root: string } | undefined => {
	const [head = '', signatures = ''] = text.split('\n\n', 2);
	const [origin, size, root] = head.split('\n');
	if (!origin || !/^\d{1,20}$/.test(size ?? '') || !/^\u2014 \S+ \S+/.test(signatures)) return undefined;
	return { size: size ?? '', root: root ?? '' };
};

/** Why the proof does not show that `leaf` lies in the tree of the checkpoint, or undefined when it does. */
export const findInclusionProblem = (leaf: Uint8Array, proof: InclusionProof): string | undefined => {
	if (proof.logIndex < 0n || proof.logIndex >= proof.treeSize) return 'its index is outside of the tree';
	if (proof.hashes.length > 64) return 'its path is longer than any tree is deep';
	if (!toRoot(leaf, proof)?.equals(proof.rootHash)) return 'its path does not lead to the root';
	const checkpoint = readCheckpoint(proof.checkpoint);
	if (!checkpoint) return 'its checkpoint is not a signed note';
	const isSame =
		BigInt(checkpoint.size) === proof.treeSize && checkpoint.root === proof.rootHash.toString('base64');
	return isSame ? undefined : 'its checkpoint is that of another tree';
};
