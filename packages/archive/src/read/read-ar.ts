import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits } from './limits.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;
const NO_BYTES = new Uint8Array(0);

/** Name, time, owner, group, octal mode, size, blank-padded, then "`\n": ar(5), deb(5). */
const FIELDS: readonly (readonly [width: number, form: RegExp])[] = [
	[16, /^(?:[!-.0-~]{1,15}\/?|[!-.0-~]{16})$/],
	[12, /^\d{1,12}$/],
	[6, /^\d{1,6}$/],
	[6, /^\d{1,6}$/],
	[8, /^[0-7]{1,8}$/],
	[10, /^\d{1,10}$/],
];

const corrupt = (what: string) => toArchiveError('ARCHIVE_CORRUPT', `expected ${what} in an ar file`);

const parseFields = (header: string): readonly string[] => {
	let offset = 0;
	const fields = FIELDS.map(([width, form]) => {
		const field = header.slice(offset, offset + width).trimEnd();
		if (!form.test(field)) throw corrupt('a member header');
		offset += width;
		return field;
	});
	if (header.slice(offset) !== '`\n') throw corrupt('a member header');
	return fields;
};

/** A member and where its content lies. */
interface Member {
	readonly entry: ArchiveEntry;
	readonly start: number;
	readonly end: number;
}

type Fields = readonly string[];

const toEntry = (fields: Fields, bytes: Uint8Array, limits: ArchiveLimits): ArchiveEntry => {
	const [name = '', mtime, uid, gid, mode = '0', size] = fields;
	return {
		path: toEntryPath(name.replace(/\/$/, ''), limits),
		type: 'file',
		mode: Number.parseInt(mode, 8) & 0o7777,
		size: Number(size),
		mtime: Number(mtime),
		bytes,
		owner: { uid: Number(uid), gid: Number(gid), user: '', group: '' },
	};
};

const toText = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Gathers members from header to header, wherever their bytes lie. */
class MemberSet {
	readonly #size: number;
	readonly #limits: ArchiveLimits;
	readonly #entries: EntrySet;
	/** Where the next header begins. */
	offset = MAGIC.length;

	constructor(size: number, limits: ArchiveLimits) {
		this.#size = size;
		this.#limits = limits;
		this.#entries = new EntrySet(limits);
	}

	get isAtEnd(): boolean {
		return this.offset >= this.#size;
	}

	/** @param read the content, where it is wanted */
	add(header: Uint8Array, read: (start: number, end: number) => Uint8Array): Member {
		if (header.length < HEADER_BYTES)
			throw toArchiveError('ARCHIVE_TRUNCATED', 'expected a whole member header');
		const fields = parseFields(toText(header));
		const size = Number(fields[5]);
		this.#entries.announce(size);
		const start = this.offset + HEADER_BYTES;
		const end = start + size;
		if (end > this.#size)
			throw toArchiveError('ARCHIVE_TRUNCATED', `expected ${size} bytes of content, got fewer`);
		const entry = toEntry(fields, read(start, end), this.#limits);
		this.#entries.add(entry);
		this.offset = end + (size % 2);
		return { entry, start, end };
	}

	finish(): readonly ArchiveEntry[] {
		return this.#entries.finish();
	}
}

const checkMagic = (bytes: Uint8Array): void => {
	if (toText(bytes) !== MAGIC) throw corrupt(`${JSON.stringify(MAGIC)} first`);
};

/** After content of an odd length. */
const checkPadding = (padding: number | undefined): void => {
	if (padding !== undefined && padding !== 0x0a) throw corrupt('a line feed as padding');
};

/**
 * Reads an ar file (common and SysV short names, as in a .deb) in memory. GNU's long-name tables are refused.
 * @throws SlipwayError ARCHIVE_*
 */
export const readAr = (bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): readonly ArchiveEntry[] => {
	checkMagic(bytes.subarray(0, MAGIC.length));
	const members = new MemberSet(bytes.length, toLimits(limits));
	while (!members.isAtEnd) {
		const header = bytes.subarray(members.offset, members.offset + HEADER_BYTES);
		const { end } = members.add(header, (from, to) => bytes.subarray(from, to));
		if (members.offset > end) checkPadding(bytes[end]);
	}
	return members.finish();
};

/** Reads bytes at a place; fewer at the end of the file. */
type ReadAt = (start: number, length: number) => Uint8Array;

/**
 * Reads only the headers of an ar file of `size` bytes, and refuses what `readAr` would refuse.
 * @returns where the content of each member lies
 * @throws SlipwayError ARCHIVE_*, and what reading throws
 */
export const verifyArHeaders = (
	size: number,
	readAt: ReadAt,
	limits: ArchiveLimits,
): readonly (readonly [start: number, end: number])[] => {
	checkMagic(readAt(0, MAGIC.length));
	const members = new MemberSet(size, limits);
	const places: (readonly [number, number])[] = [];
	while (!members.isAtEnd) {
		const { start, end } = members.add(readAt(members.offset, HEADER_BYTES), () => NO_BYTES);
		if (members.offset > end) checkPadding(readAt(end, 1)[0]);
		places.push([start, end]);
	}
	members.finish();
	return places;
};
