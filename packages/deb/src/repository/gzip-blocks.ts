import { constants, crc32, deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib';
import { toAptError } from './error.ts';

// A Packages.gz of independent members (RFC 1952, 2.2), each over whole stanzas. Where members begin follows from the
// content around them, so equal indexes give equal files, and a change compresses again only the members it touches.

/** Whole stanzas of an index, and the gzip member that holds them. */
export interface IndexBlock {
	/** Of the text, in bytes. */
	readonly size: number;
	/** @throws SlipwayError APT_INDEX_INVALID */
	readonly text: () => Buffer;
	readonly member: () => Buffer;
}

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

const once = <T>(make: () => T): (() => T) => {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
};

/** A block of a text that is compressed when somebody asks for it. */
export const toBlock = (part: Buffer): IndexBlock => ({
	size: part.length,
	text: () => part,
	member: once(() => toMember(part)),
});

/** An index cut into blocks. */
export const toBlocks = (index: Buffer): readonly IndexBlock[] => toParts(index).map(toBlock);

const invalid = (problem: string, cause?: unknown) =>
	toAptError(
		'APT_INDEX_INVALID',
		`expected a Packages.gz as the Release file lists it, got one ${problem}`,
		'Look at which tool wrote the repository, and let it write the index again.',
		cause,
	);

const unpack = <T>(task: () => T): T => {
	try {
		return task();
	} catch (cause) {
		throw invalid('that does not unpack', cause);
	}
};

const readMember = (member: Buffer, size: number): Buffer => {
	const packed = member.subarray(HEADER_SIZE, -TRAILER_SIZE);
	const text = unpack(() =>
		inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size, 64) }),
	);
	if (text.length !== size) throw invalid(`with a member of ${text.length} bytes that says ${size}`);
	return text;
};

/** Texts are unpacked once and kept, unless all together are larger: then again each time, so that memory stays bounded. */
const MAX_KEPT = 32 * 1024 * 1024;

/** The members of a file that Slipway wrote; undefined for files of other tools. */
const findMembers = (gzip: Buffer): { readonly member: Buffer; readonly size: number }[] | undefined => {
	const members: { member: Buffer; size: number }[] = [];
	for (let at = 0; at < gzip.length; ) {
		if (at + HEADER_SIZE > gzip.length || !gzip.subarray(at, at + MARK.length).equals(MARK)) return undefined;
		const length = gzip.readUInt32LE(at + MARK.length);
		if (length < HEADER_SIZE + TRAILER_SIZE || at + length > gzip.length) return undefined;
		members.push({ member: gzip.subarray(at, at + length), size: gzip.readUInt32LE(at + MARK.length + 4) });
		at += length;
	}
	return members;
};

/**
 * The blocks of a Packages.gz whose hash has been compared; of one that another tool wrote, those it would have here.
 * @param size what the index has unpacked
 * @throws SlipwayError APT_INDEX_INVALID
 */
export const readBlocks = (gzip: Buffer, size: number): readonly IndexBlock[] => {
	const members = findMembers(gzip) ?? [];
	const plain =
		members.length > 0 ? undefined : unpack(() => gunzipSync(gzip, { maxOutputLength: size + 1 }));
	const found = plain?.length ?? members.reduce((sum, member) => sum + member.size, 0);
	if (found !== size) throw invalid(`of ${found} bytes where ${size} are listed`);
	if (plain) return toBlocks(plain);
	return members.map((block) => {
		const read = (): Buffer => readMember(block.member, block.size);
		return { size: block.size, text: size > MAX_KEPT ? read : once(read), member: () => block.member };
	});
};

/** The gzip form of an index: deterministic for one version of zlib. */
export const toGzipIndex = (blocks: readonly IndexBlock[]): Buffer =>
	Buffer.concat(blocks.map(({ member }) => member()));
