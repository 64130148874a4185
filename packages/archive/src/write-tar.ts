import { Buffer } from 'node:buffer';

/** Bytes of a file that are read only when the writer comes to them, so that a large tree is never held twice. */
export interface LazyContent {
	readonly size: number;
	/**
	 * Called once. `target` has `size` bytes: filling and returning it saves a copy; other bytes may be returned as well.
	 * @throws whatever reading throws
	 */
	read(target: Uint8Array): Uint8Array;
}

/** One member of a tar file. `name` and `target` are written as given; a folder's name gets its final `/`. */
export type TarEntry =
	| {
			readonly type: 'file';
			readonly name: string;
			readonly mode: number;
			readonly content: Uint8Array | LazyContent;
	  }
	| { readonly type: 'directory'; readonly name: string; readonly mode: number }
	| { readonly type: 'symlink' | 'hardlink'; readonly name: string; readonly target: string };

export interface TarOptions {
	/** Modification time of every member, seconds since 1970 (SOURCE_DATE_EPOCH). */
	readonly mtime: number;
	/** Written as uname and gname; the numeric ids are always 0. Default "root". */
	readonly owner?: string;
}

const BLOCK = 512;
const NAME_FIELD = 100;
const TYPE_FLAGS = {
	file: '0',
	hardlink: '1',
	symlink: '2',
	directory: '5',
	longName: 'L',
	longTarget: 'K',
} as const;

interface Header {
	readonly type: keyof typeof TYPE_FLAGS;
	readonly name: Uint8Array;
	readonly target: Uint8Array;
	readonly mode: number;
	readonly size: number;
}

/** Octal digits and a NUL; a value with more digits is written big-endian in base 256, as GNU tar does. */
const writeNumber = (block: Buffer, value: number, offset: number, length: number): void => {
	const digits = value.toString(8);
	if (digits.length < length) {
		block.write(digits.padStart(length - 1, '0'), offset, 'latin1');
		return;
	}
	block[offset] = 0x80;
	block.writeBigUInt64BE(BigInt(value), offset + length - 8);
};

const writeChecksum = (block: Buffer): void => {
	block.fill(' ', 148, 156);
	let sum = 0;
	for (let offset = 0; offset < BLOCK; offset += 1) sum += block[offset] ?? 0;
	block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
};

/** One header block in GNU's format ("ustar", two blanks): tar(5), GNU tar manual, "Basic Tar Format". */
const toHeaderBlock = (header: Header, { mtime, owner = 'root' }: TarOptions): Buffer => {
	const block = Buffer.alloc(BLOCK);
	block.set(header.name.subarray(0, NAME_FIELD), 0);
	writeNumber(block, header.mode, 100, 8);
	writeNumber(block, 0, 108, 8);
	writeNumber(block, 0, 116, 8);
	writeNumber(block, header.size, 124, 12);
	writeNumber(block, mtime, 136, 12);
	block.write(TYPE_FLAGS[header.type], 156, 'latin1');
	block.set(header.target.subarray(0, NAME_FIELD), 157);
	block.write('ustar  \0', 257, 'latin1');
	block.write(owner.slice(0, 31), 265, 'latin1');
	block.write(owner.slice(0, 31), 297, 'latin1');
	writeChecksum(block);
	return block;
};

const toPadding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

const NONE = new Uint8Array();

/** A name longer than the header's field travels before its member, as the content of a `././@LongLink`. */
const toLongLink = (type: 'longName' | 'longTarget', name: Uint8Array, options: TarOptions): Buffer[] => {
	if (name.length <= NAME_FIELD) return [];
	const size = name.length + 1;
	const header = { type, name: Buffer.from('././@LongLink'), target: NONE, mode: 0o644, size };
	return [
		toHeaderBlock(header, { ...options, mtime: 0 }),
		Buffer.concat([name, Buffer.alloc(1), toPadding(size)]),
	];
};

const toBytes = (text: string, what: string): Buffer => {
	if (text === '' || text.includes('\0') || !text.isWellFormed())
		throw new TypeError(`expected a ${what} without NUL, got ${JSON.stringify(text)}`);
	return Buffer.from(text);
};

const toHeader = (entry: TarEntry): Header => {
	const slash = entry.type === 'directory' && !entry.name.endsWith('/') ? '/' : '';
	const name = toBytes(entry.name + slash, 'member name');
	const target = 'target' in entry ? toBytes(entry.target, 'link target') : NONE;
	const mode = 'mode' in entry ? entry.mode : entry.type === 'symlink' ? 0o777 : 0o644;
	const size =
		entry.type !== 'file' ? 0 : 'read' in entry.content ? entry.content.size : entry.content.length;
	return { type: entry.type, name, target, mode, size };
};

type Allocate = (size: number) => Uint8Array;

const toContent = (name: string, content: Uint8Array | LazyContent, allocate: Allocate): Uint8Array => {
	if (!('read' in content)) return content;
	const bytes = content.read(allocate(content.size));
	if (bytes.length !== content.size)
		throw new RangeError(
			`expected ${content.size} bytes of ${JSON.stringify(name)}, got ${bytes.length}: it changed meanwhile`,
		);
	return bytes;
};

const checkTime = (mtime: number): void => {
	if (!Number.isSafeInteger(mtime) || mtime < 0)
		throw new RangeError(`expected whole seconds since 1970, got ${mtime}`);
};

function* toChunks(
	entries: Iterable<TarEntry>,
	options: TarOptions,
	allocate: Allocate,
): Generator<Uint8Array, void, void> {
	checkTime(options.mtime);
	for (const entry of entries) {
		const header = toHeader(entry);
		yield* toLongLink('longTarget', header.target, options);
		yield* toLongLink('longName', header.name, options);
		yield toHeaderBlock(header, options);
		if (entry.type !== 'file') continue;
		const content = toContent(entry.name, entry.content, allocate);
		if (content.length === 0) continue;
		yield content;
		yield toPadding(content.length);
	}
	yield Buffer.alloc(2 * BLOCK);
}

/**
 * Writes a tar file in GNU's format, chunk by chunk: nothing in it depends on the clock, the user or the machine.
 * Members come in the order given (see `compareTarNames`); contents are passed on without a copy.
 * @throws TypeError, RangeError for names, times and sizes that a tar file cannot carry or that changed while read
 */
export const toTar = (entries: Iterable<TarEntry>, options: TarOptions): Generator<Uint8Array, void, void> =>
	toChunks(entries, options, Buffer.allocUnsafe);

/** Bytes that `toTar` will give for these entries, known before any content is read. */
export const toTarSize = (entries: Iterable<TarEntry>): number => {
	let total = 2 * BLOCK;
	for (const entry of entries) {
		const { name, target, size } = toHeader(entry);
		for (const text of [name, target])
			if (text.length > NAME_FIELD) total += BLOCK + text.length + 1 + toPadding(text.length + 1).length;
		total += BLOCK + size + toPadding(size).length;
	}
	return total;
};

/** The same in one piece of memory that threads share, allocated once; lazy contents can be read to their place in it. */
export const toTarBytes = (entries: readonly TarEntry[], options: TarOptions): Buffer => {
	const bytes = Buffer.from(new SharedArrayBuffer(toTarSize(entries)));
	let offset = 0;
	for (const chunk of toChunks(entries, options, (size) => bytes.subarray(offset, offset + size))) {
		const isInPlace = chunk.buffer === bytes.buffer && chunk.byteOffset === bytes.byteOffset + offset;
		if (!isInPlace) bytes.set(chunk, offset);
		offset += chunk.length;
	}
	return bytes;
};

/** Orders member names by their bytes; with every folder named `…/` its parents come before it. */
export const compareTarNames = (a: string, b: string): number =>
	Buffer.compare(Buffer.from(a), Buffer.from(b));
