import { createHash } from 'node:crypto';
import { type IndexBlock, toBlock, toParts } from './gzip-blocks.ts';
import { findStanzas, type IndexStanza, type PlacedStanza } from './packages-index.ts';
import type { ListedFile } from './release-file.ts';

export interface PackageEdit {
	readonly name: string;
	/** Everything that the index shall hold of this package. */
	readonly stanzas: readonly IndexStanza[];
}

interface BlockStanza extends PlacedStanza {
	/** Which block; start and end count in its text. */
	readonly block: number;
}

/** The stanzas of one package in all blocks, in their order. */
export const findInBlocks = (blocks: readonly IndexBlock[], name: string): BlockStanza[] =>
	blocks.flatMap(({ text }, block) => findStanzas(text(), name).map((stanza) => ({ ...stanza, block })));

/** Size and hash of the whole text. */
export const toListed = (blocks: readonly IndexBlock[]): ListedFile => {
	const hash = createHash('sha256');
	let size = 0;
	for (const block of blocks) {
		hash.update(block.text());
		size += block.size;
	}
	return { size, sha256: hash.digest('hex') };
};

const toKey = ({ version, architecture, sha256 }: IndexStanza): string =>
	`${version} ${architecture} ${sha256}`;

const NEW_LINE = 0x0a;

/** Ends with the empty line that parts stanzas. */
const toParted = (bytes: Uint8Array): Uint8Array => {
	if (bytes.length === 0 || (bytes.at(-1) === NEW_LINE && bytes.at(-2) === NEW_LINE)) return bytes;
	return Buffer.concat([bytes, Buffer.from(bytes.at(-1) === NEW_LINE ? '\n' : '\n\n')]);
};

interface TextEdit {
	readonly removed: readonly PlacedStanza[];
	readonly added: readonly Uint8Array[];
	/** Where what is added goes. */
	readonly place: number;
}

const editText = (text: Buffer, { removed, added, place }: TextEdit): Buffer => {
	const parts: Uint8Array[] = [];
	let position = 0;
	for (const { start, end } of removed) {
		parts.push(text.subarray(position, start));
		position = end;
	}
	if (added.length === 0) return Buffer.concat([...parts, text.subarray(position)]);
	const before = toParted(text.subarray(position, place));
	return Buffer.concat([...parts, before, ...added, text.subarray(Math.max(place, position))]);
};

/** The texts of the blocks that an edit changes. */
const toChanged = (
	blocks: readonly IndexBlock[],
	{ name, stanzas }: PackageEdit,
): ReadonlyMap<number, Buffer> => {
	const present = findInBlocks(blocks, name);
	const wanted = new Map(stanzas.map((stanza) => [toKey(stanza), stanza]));
	const kept = new Set(present.map(toKey).filter((key) => wanted.has(key)));
	const added = [...wanted].filter(([key]) => !kept.has(key)).map(([, { bytes }]) => toParted(bytes));
	const removed = present.filter((stanza) => !kept.has(toKey(stanza)));
	const last = present.at(-1) ?? { block: blocks.length - 1, end: blocks.at(-1)?.size ?? 0 };
	const touched = new Set([...removed.map(({ block }) => block), ...(added.length > 0 ? [last.block] : [])]);
	return new Map(
		[...touched].map((number) => {
			const text = blocks[number]?.text() ?? Buffer.alloc(0);
			const gone = removed.filter(({ block }) => block === number);
			const edit = { removed: gone, added: number === last.block ? added : [], place: last.end };
			return [number, editText(text, edit)];
		}),
	);
};

interface Cutting {
	readonly blocks: readonly IndexBlock[];
	readonly changed: ReadonlyMap<number, Buffer>;
}

const toText = ({ blocks, changed }: Cutting, number: number): Buffer =>
	changed.get(number) ?? blocks[number]?.text() ?? Buffer.alloc(0);

/** Parts of `text` alone, where the text behind it begins a part of its own; undefined where one part spans both. */
const cutBefore = (text: Buffer, following: Buffer): readonly Buffer[] | undefined => {
	const parts: Buffer[] = [];
	let length = 0;
	for (const part of text.length === 0 ? [] : toParts(Buffer.concat([text, following]))) {
		if (length >= text.length) break;
		parts.push(part);
		length += part.length;
	}
	return length === text.length ? parts : undefined;
};

/** Cuts anew from block `start` until a cut falls where one was. */
const cutAgain = (
	cutting: Cutting,
	start: number,
): { readonly parts: readonly Buffer[]; readonly next: number } => {
	const { blocks, changed } = cutting;
	let text = toText(cutting, start);
	for (let next = start + 1; next < blocks.length; next += 1) {
		const following = toText(cutting, next);
		const parts = changed.has(next) ? undefined : cutBefore(text, following);
		if (parts) return { parts, next };
		text = Buffer.concat([text, following]);
	}
	return { parts: toParts(text).filter(({ length }) => length > 0), next: blocks.length };
};

/** A cut depends on the line behind it: where that may have changed, the block before is cut again too. */
const replaceTexts = (cutting: Cutting): readonly IndexBlock[] => {
	const { blocks, changed } = cutting;
	const result: IndexBlock[] = [];
	let at = 0;
	for (let block = blocks[at]; block; block = blocks[at]) {
		if (!changed.has(at) && !changed.has(at + 1)) {
			result.push(block);
			at += 1;
			continue;
		}
		const { parts, next } = cutAgain(cutting, at);
		const old = blocks.slice(at, next);
		result.push(...parts.map((part) => old.find(({ text }) => text().equals(part)) ?? toBlock(part)));
		at = next;
	}
	return result.length > 0 ? result : [toBlock(Buffer.alloc(0))];
};

/**
 * The index with the stanzas of the named packages replaced; the order and bytes of all others stay as they are. Stanzas that
 * are there and stay keep their place and bytes; new ones follow the last of their package, or all others. Blocks that did not
 * change are those of before; an edit that changes nothing gives the same array.
 */
export const editIndex = (
	blocks: readonly IndexBlock[],
	edits: readonly PackageEdit[],
): readonly IndexBlock[] =>
	edits.reduce((before, edit) => {
		const changed = toChanged(before, edit);
		return changed.size === 0 ? before : replaceTexts({ blocks: before, changed });
	}, blocks);
