import { createHash, type KeyObject, sign } from 'node:crypto';
import { type KeyPair, makeKeyPair } from '../asn1/authority.ts';
import { toSpki } from '../asn1/certificate.ts';
import { MerkleTree, toLeafHash } from './merkle-tree.ts';

/** Bodies that a log can still serve; hashes of older ones stay in the tree. */
const KEPT_BODIES = 10_000;

/** An entry's place in the tree as of now. */
export interface Inclusion {
	readonly index: number;
	readonly size: number;
	readonly rootHash: Uint8Array;
	readonly hashes: readonly Uint8Array[];
}

export interface LogKey extends KeyPair {
	/** As trusted roots name it. */
	readonly details: 'PKIX_ECDSA_P256_SHA_256' | 'PKIX_ED25519';
}

export const makeLogKey = (): LogKey => ({ ...makeKeyPair(), details: 'PKIX_ECDSA_P256_SHA_256' });

export const toLogId = (key: KeyObject): Uint8Array => createHash('sha256').update(toSpki(key)).digest();

/** A log of entries with a key: an entry that is there already is found again, not added. */
export class TransparencyLog {
	readonly key: LogKey;
	/** SHA-256 of the key (RFC 6962), or what a signed note says of an ed25519 one. */
	readonly id: Uint8Array;
	readonly #tree = new MerkleTree();
	readonly #found = new Map<string, { readonly index: number; readonly body: Uint8Array; time: number }>();

	/** Entries of earlier trees of the same log: an entry's number counts them too, its place in the tree does not. */
	readonly before: number;

	constructor(key: LogKey, id: Uint8Array, before = 0) {
		this.key = key;
		this.id = id;
		this.before = before;
	}

	get size(): number {
		return this.#tree.size;
	}

	/** An entry by the hexadecimal hash of its leaf. */
	find(
		leafHash: string,
	): { readonly index: number; readonly body: Uint8Array; readonly time: number } | undefined {
		return this.#found.get(leafHash);
	}

	/** @param time seconds since 1970 @returns where it is, and whether it was there before */
	add(body: Uint8Array, time: number): { readonly leafHash: string; readonly known: boolean } {
		const leaf = toLeafHash(body);
		const leafHash = Buffer.from(leaf).toString('hex');
		if (this.#found.has(leafHash)) return { leafHash, known: true };
		// A copy of its own size: a slice of Node's buffer pool would hold the whole pool.
		this.#found.set(leafHash, { index: this.#tree.append(leaf), body: new Uint8Array(body), time });
		if (this.#found.size > KEPT_BODIES) this.#found.delete(this.#found.keys().next().value ?? '');
		return { leafHash, known: false };
	}

	toInclusion(index: number): Inclusion {
		const tree = this.#tree;
		return { index, size: tree.size, rootHash: tree.toRootHash(), hashes: tree.toInclusionProof(index) };
	}

	sign(bytes: Uint8Array): Uint8Array {
		return sign(this.key.details === 'PKIX_ED25519' ? null : 'sha256', bytes, this.key.privateKey);
	}
}
