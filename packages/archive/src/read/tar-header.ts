import { toArchiveError } from './error.ts';

export const TAR_BLOCK = 512;

/** One header block of a tar file: pax(1) "ustar Interchange Format", GNU tar manual "Basic Tar Format". */
export interface TarHeader {
	readonly name: string;
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	readonly size: number;
	readonly mtime: number;
	/** The character of the typeflag field; NUL is given as "0". */
	readonly flag: string;
	readonly linkName: string;
	readonly user: string;
	readonly group: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws SlipwayError ARCHIVE_PATH_UNSAFE */
export const decodeText = (bytes: Uint8Array): string => {
	try {
		return UTF8.decode(bytes);
	} catch (cause) {
		throw toArchiveError('ARCHIVE_PATH_UNSAFE', 'expected names in UTF-8', cause);
	}
};

/** A header block as bytes and as one string, of which each character is one byte: fields are cut out of it. */
interface Block {
	readonly bytes: Uint8Array;
	readonly text: string;
}

/** Shorter strings are copied by V8 when they are cut out of another. */
const SLICED_FROM = 13;

const toLatin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
	Buffer.from(buffer, byteOffset, length).toString('latin1');

const toBlock = (bytes: Uint8Array): Block => ({ bytes, text: toLatin1(bytes.subarray(0, TAR_BLOCK)) });

/** What stands before the first NUL; only text beyond ASCII costs a decoder. */
const readText = ({ bytes, text }: Block, offset: number, length: number): string => {
	const nul = text.indexOf('\0', offset);
	const end = nul < 0 ? offset + length : Math.min(nul, offset + length);
	const field = text.slice(offset, end);
	if (!/^[\0-\x7f]*$/.test(field)) return decodeText(bytes.subarray(offset, end));
	// A slice of some length would keep the whole block in memory, for as long as the name is known.
	return field.length < SLICED_FROM ? field : toLatin1(bytes.subarray(offset, end));
};

const corrupt = (what: string) => toArchiveError('ARCHIVE_CORRUPT', `expected ${what} in a tar header`);

/** Octal digits between blanks and NULs, or a positive base-256 number; anything else readers disagree about. */
const readNumber = ({ bytes, text }: Block, offset: number, length: number): number => {
	const first = bytes[offset] ?? 0;
	if (first < 0x80) {
		const match = /^ *([0-7]*)[ \0]*$/.exec(text.slice(offset, offset + length));
		if (!match) throw corrupt('octal digits');
		return Number.parseInt(match[1] || '0', 8);
	}
	if (first !== 0x80) throw corrupt('a number that is not negative');
	const value = bytes.subarray(offset + 1, offset + length).reduce((sum, byte) => sum * 256 + byte, 0);
	if (!Number.isSafeInteger(value)) throw corrupt('a number below 2^53');
	return value;
};

/** The sum of all bytes, with blanks for the checksum's own eight. */
const checkSum = (block: Block): void => {
	let sum = 8 * 0x20;
	for (let index = 0; index < 148; index += 1) sum += block.bytes[index] ?? 0;
	for (let index = 156; index < TAR_BLOCK; index += 1) sum += block.bytes[index] ?? 0;
	if (sum !== readNumber(block, 148, 8)) throw corrupt('the right checksum');
};

/** @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_PATH_UNSAFE */
export const parseTarHeader = (bytes: Uint8Array): TarHeader => {
	const block = toBlock(bytes);
	checkSum(block);
	const magic = block.text.slice(257, 263);
	if (magic !== 'ustar\0' && magic !== 'ustar ' && magic !== '\0\0\0\0\0\0') throw corrupt('"ustar"');
	// Only POSIX has a prefix there; GNU keeps times and sparse maps in the same place.
	const prefix = magic === 'ustar\0' ? readText(block, 345, 155) : '';
	const name = readText(block, 0, 100);
	return {
		name: prefix === '' ? name : `${prefix}/${name}`,
		mode: readNumber(block, 100, 8) & 0o7777,
		uid: readNumber(block, 108, 8),
		gid: readNumber(block, 116, 8),
		size: readNumber(block, 124, 12),
		mtime: readNumber(block, 136, 12),
		flag: block.text.charAt(156).replace('\0', '0'),
		linkName: readText(block, 157, 100),
		user: readText(block, 265, 32),
		group: readText(block, 297, 32),
	};
};
