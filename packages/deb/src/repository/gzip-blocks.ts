import { constants, crc32, deflateRawSync } from 'node:zlib';

// A Packages.gz of independent members (RFC 1952, 2.2), each over whole stanzas. Where members begin follows from the
// content around them, so equal indexes give equal files, and a change compresses again only the members it touches.

/** Members are cut after a stanza whose first line hashes to this share, between these sizes (bytes). */
const SHARE = 64;
const MIN_SIZE = 32 * 1024;
const MAX_SIZE = 256 * 1024;

/** Header with an extra field "SW" that holds the sizes of member and content, so that a reader finds members unpacked. */
const HEADER_SIZE = 24;
const TRAILER_SIZE = 8;
const EXTRA_SIZE = 12;
const SUBFIELD_SIZE = 8;
const MARK = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 2, 3, EXTRA_SIZE, 0, 0x53, 0x57, SUBFIELD_SIZE, 0]);

/** FNV-1a over the first line of the stanza at `start`. */
const hashLine = (index: Buffer, start: number): number => {
	let hash = 0x811c9dc5;
	for (let at = start; at < index.length && index[at] !== 0x0a; at += 1)
		hash = Math.imul(hash ^ (index[at] ?? 0), 0x01000193);
	return hash >>> 0;
};

/** Cuts an index into parts of whole stanzas. An empty index is one empty part. */
export const toParts = (index: Buffer): Buffer[] => {
	const parts: Buffer[] = [];
	let start = 0;
	for (let at = index.indexOf('\n\n', MIN_SIZE); at !== -1; at = index.indexOf('\n\n', at)) {
		const next = at + 2;
		if (next === index.length) break;
		if (next - start >= MAX_SIZE || hashLine(index, next) % SHARE === 0) {
			parts.push(index.subarray(start, next));
			start = next;
			at = next + MIN_SIZE;
		} else at = next;
	}
	return [...parts, index.subarray(start)];
};

const toMember = (part: Buffer): Buffer => {
	const packed = deflateRawSync(part, { level: constants.Z_BEST_COMPRESSION });
	const member = Buffer.alloc(HEADER_SIZE + packed.length + TRAILER_SIZE);
	MARK.copy(member);
	member.writeUInt32LE(member.length, MARK.length);
	member.writeUInt32LE(part.length, MARK.length + 4);
	packed.copy(member, HEADER_SIZE);
	member.writeUInt32LE(crc32(part), HEADER_SIZE + packed.length);
	member.writeUInt32LE(part.length, HEADER_SIZE + packed.length + 4);
	return member;
};

/** An index and its compressed form, which belong together. */
export interface CompressedIndex {
	readonly plain: Buffer;
	readonly gzip: Buffer;
}

/** The members of a file that `toGzipIndex` wrote, by their content; empty for files of other tools. */
const readMembers = ({ plain, gzip }: CompressedIndex): readonly { part: Buffer; member: Buffer }[] => {
	const members: { part: Buffer; member: Buffer }[] = [];
	let from = 0;
	let at = 0;
	while (at < gzip.length) {
		if (at + HEADER_SIZE > gzip.length || !gzip.subarray(at, at + MARK.length).equals(MARK)) return [];
		const [size, length] = [gzip.readUInt32LE(at + MARK.length), gzip.readUInt32LE(at + MARK.length + 4)];
		if (size < HEADER_SIZE + TRAILER_SIZE) return [];
		members.push({ part: plain.subarray(from, from + length), member: gzip.subarray(at, at + size) });
		from += length;
		at += size;
	}
	return from === plain.length && at === gzip.length ? members : [];
};

/**
 * The gzip form of an index: deterministic for one version of zlib. Members of `previous` whose content is unchanged
 * are taken over as they are.
 */
export const toGzipIndex = (index: Buffer, previous?: CompressedIndex): Buffer => {
	const old = previous ? readMembers(previous) : [];
	const parts = toParts(index);
	let head = 0;
	while (old[head] && parts[head] && old[head]?.part.equals(parts[head] as Buffer)) head += 1;
	const shift = old.length - parts.length;
	let tail = parts.length;
	while (tail > head && tail + shift > head && old[tail - 1 + shift]?.part.equals(parts[tail - 1] as Buffer))
		tail -= 1;
	return Buffer.concat(
		parts.map((part, at) =>
			at < head
				? (old[at]?.member ?? toMember(part))
				: at >= tail
					? (old[at + shift]?.member ?? toMember(part))
					: toMember(part),
		),
	);
};
