import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits } from './limits.ts';
import { checkGlobalPax, type PaxFields, parsePax } from './pax.ts';
import { type ByteSource, isZero, readBytes, readChunks, type Step, toSource } from './source.ts';
import { decodeText, parseTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

/** A view of no bytes would keep the whole archive in memory. */
const NO_BYTES = new Uint8Array(0);

/** What came before an entry to replace fields of its header; where two of them speak, readers disagree. */
interface Extension {
	pax?: PaxFields;
	longName?: string;
	longLink?: string;
}

const TYPES: Readonly<Record<string, ArchiveEntry['type']>> = {
	'0': 'file',
	'1': 'hardlink',
	'2': 'symlink',
	'5': 'directory',
};

const REFUSED: Readonly<Record<string, string>> = {
	'3': 'character device',
	'4': 'block device',
	'6': 'fifo',
	S: 'sparse file',
};

const ambiguous = (why: string) => toArchiveError('ARCHIVE_AMBIGUOUS', `readers of tar disagree: ${why}`);

const toType = ({ flag, name, size }: TarHeader): ArchiveEntry['type'] => {
	const type = TYPES[flag];
	if (!type) {
		const kind = REFUSED[flag] ?? `entry of type ${JSON.stringify(flag)}`;
		throw toArchiveError('ARCHIVE_ENTRY_REFUSED', `expected files, folders and links, got a ${kind}`);
	}
	const isFolder = type === 'file' && name.endsWith('/');
	if ((type !== 'file' || isFolder) && size !== 0)
		throw ambiguous(`a ${isFolder ? 'folder' : type} with content`);
	return isFolder ? 'directory' : type;
};

/** The header with what the extension says put in. */
const applyExtension = (header: TarHeader, { pax = {}, longName, longLink }: Extension): TarHeader => {
	if (
		(pax.path !== undefined && longName !== undefined) ||
		(pax.linkpath !== undefined && longLink !== undefined)
	)
		throw ambiguous('a pax and a GNU name for one entry');
	if (pax.size !== undefined && header.size !== 0 && pax.size !== header.size)
		throw ambiguous('two sizes for one entry');
	return {
		...header,
		name: pax.path ?? longName ?? header.name,
		linkName: pax.linkpath ?? longLink ?? header.linkName,
		size: pax.size ?? header.size,
		mtime: pax.mtime ?? header.mtime,
	};
};

/** The content of a `././@LongLink`: the name and one NUL. */
const decodeLongLink = (bytes: Uint8Array): string => {
	if (bytes.length > 8192)
		throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', 'expected a name of at most 8192 bytes');
	return decodeText(bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes);
};

const extend = (extension: Extension, flag: string, content: Uint8Array): void => {
	if (flag === 'g') {
		checkGlobalPax(content);
		return;
	}
	const key = flag === 'x' ? 'pax' : flag === 'L' ? 'longName' : 'longLink';
	if (extension[key] !== undefined) throw ambiguous('two headers of one kind for one entry');
	if (key === 'pax') extension.pax = parsePax(content);
	else extension[key] = decodeLongLink(content);
};

const toEntry = (header: TarHeader, bytes: Uint8Array, limits: ArchiveLimits): ArchiveEntry => {
	const type = toType(header);
	const isLink = type === 'symlink' || type === 'hardlink';
	const { mode, size, mtime, uid, gid, user, group } = header;
	const linkName = type === 'hardlink' ? toEntryPath(header.linkName, limits) : header.linkName;
	return {
		path: toEntryPath(header.name, limits),
		type,
		mode: type === 'symlink' ? mode & 0o777 : mode,
		size,
		mtime,
		...(isLink ? { linkName } : {}),
		bytes,
		owner: { uid, gid, user, group },
	};
};

/** A pax header may have a mebibyte (its reader says so), a name less. */
const MAX_EXTENSION_BYTES = 1024 * 1024;

/** What comes behind the last entry. */
function* checkEnd(block: Uint8Array, source: ByteSource, extension: Extension): Step<void> {
	if (Object.keys(extension).length > 0)
		throw toArchiveError('ARCHIVE_TRUNCATED', 'a tar header without its entry');
	if (block.length === 0)
		throw toArchiveError('ARCHIVE_TRUNCATED', 'expected a tar file to end with a block of zeros');
	if (!isZero(block) || !(yield* source.endsInZeros()))
		throw ambiguous('content after the end of the archive');
}

const truncated = (size: number) =>
	toArchiveError('ARCHIVE_TRUNCATED', `expected ${size} bytes of content, got fewer`);

/** The content of an extension, which is short. */
function* takeExtension(source: ByteSource, size: number): Step<Uint8Array> {
	if (size > MAX_EXTENSION_BYTES)
		throw toArchiveError(
			'ARCHIVE_LIMIT_EXCEEDED',
			`expected a tar header of at most ${MAX_EXTENSION_BYTES} bytes, got ${size}`,
		);
	const content = yield* source.take(size);
	if (content.length < size) throw truncated(size);
	return content;
}

/** How the content of a file is read: `undefined` where it ends too early. */
type TakeContent = (source: ByteSource, size: number) => Step<Uint8Array | undefined>;

const KEEP: TakeContent = function* (source, size) {
	const content = yield* source.take(size);
	return content.length === size ? content : undefined;
};
const PASS_OVER: TakeContent = function* (source, size) {
	return (yield* source.skip(size)) ? NO_BYTES : undefined;
};

const toPadding = (size: number): number => (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;

function* walkTar(limits: ArchiveLimits, takeContent: TakeContent): Step<readonly ArchiveEntry[]> {
	const source = toSource();
	const entries = new EntrySet(limits);
	let extension: Extension = {};
	let extensions = 0;
	let block = yield* source.take(TAR_BLOCK);
	for (; block.length === TAR_BLOCK && !isZero(block); block = yield* source.take(TAR_BLOCK)) {
		const raw = parseTarHeader(block);
		if ('gxLK'.includes(raw.flag)) {
			extensions += 1;
			if (extensions > 2 * limits.maxEntries)
				throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `expected at most ${limits.maxEntries} entries`);
			extend(extension, raw.flag, yield* takeExtension(source, raw.size));
			yield* source.skip(toPadding(raw.size));
			continue;
		}
		const header = applyExtension(raw, extension);
		entries.announce(header.size);
		const content = yield* takeContent(source, header.size);
		if (!content) throw truncated(header.size);
		entries.add(toEntry(header, content, limits));
		extension = {};
		yield* source.skip(toPadding(header.size));
	}
	yield* checkEnd(block, source, extension);
	return entries.finish();
}

/**
 * Reads a tar file (ustar, pax, GNU, the form of Version 7) in memory; nothing is extracted. Refuses the whole archive
 * for anything that is unsafe, over the limits, or that two readers could understand differently.
 * @throws SlipwayError ARCHIVE_*
 */
export const readTar = (bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): readonly ArchiveEntry[] =>
	readBytes(walkTar(toLimits(limits), KEEP), bytes);

/**
 * Looks through a tar file that comes in chunks and refuses what `readTar` would refuse, in little memory: no content is
 * kept.
 * @throws SlipwayError ARCHIVE_*, and what the chunks throw
 */
export const verifyTarChunks = async (
	chunks: AsyncIterable<Uint8Array>,
	limits: Partial<ArchiveLimits> = {},
): Promise<void> => {
	await readChunks(walkTar(toLimits(limits), PASS_OVER), chunks);
};
