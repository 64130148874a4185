import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits } from './limits.ts';
import { checkGlobalPax, type PaxFields, parsePax } from './pax.ts';
import { decodeText, parseTarHeader, TAR_BLOCK, type TarHeader } from './tar-header.ts';

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

const extend = (extension: Extension, flag: string, content: Uint8Array): boolean => {
	if (flag === 'g') {
		checkGlobalPax(content);
		return true;
	}
	const key = flag === 'x' ? 'pax' : flag === 'L' ? 'longName' : flag === 'K' ? 'longLink' : undefined;
	if (!key) return false;
	if (extension[key] !== undefined) throw ambiguous('two headers of one kind for one entry');
	if (key === 'pax') extension.pax = parsePax(content);
	else extension[key] = decodeLongLink(content);
	return true;
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

const isZero = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes.every((byte) => byte === 0);

const checkEnd = (bytes: Uint8Array, offset: number, extension: Extension): void => {
	if (Object.keys(extension).length > 0)
		throw toArchiveError('ARCHIVE_TRUNCATED', 'a tar header without its entry');
	if (offset >= bytes.length)
		throw toArchiveError('ARCHIVE_TRUNCATED', 'expected a tar file to end with a block of zeros');
	if (!isZero(bytes.subarray(offset))) throw ambiguous('content after the end of the archive');
};

/**
 * Reads a tar file (ustar, pax, GNU, the form of Version 7) in memory; nothing is extracted. Refuses the whole archive
 * for anything that is unsafe, over the limits, or that two readers could understand differently.
 * @throws SlipwayError ARCHIVE_*
 */
export const readTar = (bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): readonly ArchiveEntry[] => {
	const all = toLimits(limits);
	const entries = new EntrySet(all);
	let extension: Extension = {};
	let offset = 0;
	while (offset + TAR_BLOCK <= bytes.length) {
		const block = bytes.subarray(offset, offset + TAR_BLOCK);
		if (isZero(block)) break;
		const raw = parseTarHeader(block);
		const isExtension = 'gxLK'.includes(raw.flag);
		const header = isExtension ? raw : applyExtension(raw, extension);
		if (!isExtension) entries.announce(header.size);
		const start = offset + TAR_BLOCK;
		if (start + header.size > bytes.length)
			throw toArchiveError('ARCHIVE_TRUNCATED', `expected ${header.size} bytes of content, got fewer`);
		const content = bytes.subarray(start, start + header.size);
		if (!extend(extension, header.flag, content)) {
			entries.add(toEntry(header, content, all));
			extension = {};
		}
		offset = start + Math.ceil(header.size / TAR_BLOCK) * TAR_BLOCK;
	}
	checkEnd(bytes, offset, extension);
	return entries.finish();
};
