import { createHash } from 'node:crypto';
import { CHARACTERS, toCharacter, toCharacterIndex } from '@slipway/testing';
import * as fc from 'fast-check';
import { findInclusionProblem, type InclusionProof } from './inclusion.ts';

const hash = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962, 2.1: the definition, word for word. */
const toRoot = (leaves: readonly Buffer[]): Buffer => {
	if (leaves.length === 1) return hash(Buffer.of(0), leaves[0] as Buffer);
	const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
	return hash(Buffer.of(1), toRoot(leaves.slice(0, split)), toRoot(leaves.slice(split)));
};
const toPath = (index: number, leaves: readonly Buffer[]): Buffer[] => {
	if (leaves.length === 1) return [];
	const split = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
	const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
	return index < split
		? [...toPath(index, left), toRoot(right)]
		: [...toPath(index - split, right), toRoot(left)];
};

const toCheckpoint = (size: number, root: Buffer): string =>
	`log.example\n${size}\n${root.toString('base64')}\n\n\u2014 log.example c2lnbmF0dXJl\n`;

const toLeaves = (size: number): Buffer[] =>
	Array.from({ length: size }, (_, index) => Buffer.from(`leaf ${index}`));

const toProof = (index: number, size: number): InclusionProof => {
	const leaves = toLeaves(size);
	const rootHash = toRoot(leaves);
	return {
		logIndex: BigInt(index),
		treeSize: BigInt(size),
		rootHash,
		hashes: toPath(index, leaves),
		checkpoint: toCheckpoint(size, rootHash),
	};
};

const leaf = (index: number): Buffer => Buffer.from(`leaf ${index}`);

test('every leaf of every tree up to 33 leaves is found, and no leaf at another place', () => {
	for (let size = 1; size <= 33; size += 1)
		for (let index = 0; index < size; index += 1) {
			const proof = toProof(index, size);
			expect([size, index, findInclusionProblem(leaf(index), proof)]).toEqual([size, index, undefined]);
			expect(findInclusionProblem(leaf(index + 1), proof)).toBe('its path does not lead to the root');
			const moved = { ...proof, logIndex: BigInt((index + 1) % size) };
			if (size > 1) expect(findInclusionProblem(leaf(index), moved)).toBeDefined();
		}
});

test.each<[string, (proof: InclusionProof) => InclusionProof]>([
	['an index outside of the tree', (proof) => ({ ...proof, logIndex: proof.treeSize })],
	['a negative index', (proof) => ({ ...proof, logIndex: -1n })],
	['an empty tree', (proof) => ({ ...proof, treeSize: 0n })],
	['a path too short', (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
	['a path too long', (proof) => ({ ...proof, hashes: [...proof.hashes, proof.rootHash] })],
	['a path of 1,000 hashes', (proof) => ({ ...proof, hashes: Array(1000).fill(proof.rootHash) })],
	['another root', (proof) => ({ ...proof, rootHash: hash(Buffer.of(7)) })],
	['a checkpoint of another size', (proof) => ({ ...proof, checkpoint: toCheckpoint(12, proof.rootHash) })],
	[
		'a checkpoint of another root',
		(proof) => ({ ...proof, checkpoint: toCheckpoint(11, hash(Buffer.of(7))) }),
	],
	[
		'a checkpoint without signature',
		(proof) => ({ ...proof, checkpoint: proof.checkpoint.split('\n\n')[0] ?? '' }),
	],
	['no checkpoint', (proof) => ({ ...proof, checkpoint: '' })],
])('refused: %s', (_, change) => {
	expect(findInclusionProblem(leaf(6), change(toProof(6, 11)))).toEqual(expect.any(String));
});

test('whatever a log says, the answer is a text or undefined, and soon', () => {
	const character = fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex);
	const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
	const proofs = fc.record({
		logIndex: fc.bigInt({ min: -5n, max: 2n ** 64n }),
		treeSize: fc.bigInt({ min: -5n, max: 2n ** 64n }),
		rootHash: bytes,
		hashes: fc.array(bytes, { maxLength: 80 }),
		checkpoint: fc.oneof(fc.string(), fc.string({ unit: character }), fc.constant(toProof(1, 3).checkpoint)),
	});
	fc.assert(
		fc.property(bytes, proofs, (body, proof) => {
			expect(findInclusionProblem(body, proof)).toEqual(expect.any(String));
		}),
		{ numRuns: 2000 },
	);
});

test('a checkpoint of a megabyte is read in no time', () => {
	for (const text of [
		'\n'.repeat(1e6),
		`a\n1\n${'A'.repeat(1e6)}`,
		`a\n${'1'.repeat(1e6)}\nb\n\n\u2014 `,
		'\u2014 '.repeat(3e5),
	]) {
		const start = process.threadCpuUsage();
		findInclusionProblem(leaf(0), { ...toProof(0, 1), checkpoint: text });
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
	}
});
