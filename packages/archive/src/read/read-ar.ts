import type { ArchiveEntry } from './entry.ts';
import { EntrySet, toEntryPath } from './entry-set.ts';
import { toArchiveError } from './error.ts';
import { type ArchiveLimits, toLimits } from './limits.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;

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

const toEntry = (fields: readonly string[], bytes: Uint8Array, limits: ArchiveLimits): ArchiveEntry => {
	const [name = '', mtime, uid, gid, mode = '0'] = fields;
	return {
		path: toEntryPath(name.replace(/\/$/, ''), limits),
		type: 'file',
		mode: Number.parseInt(mode, 8) & 0o7777,
		size: bytes.length,
		mtime: Number(mtime),
		bytes,
		owner: { uid: Number(uid), gid: Number(gid), user: '', group: '' },
	};
};

/**
 * Reads an ar file (common and SysV short names, as in a .deb) in memory. GNU's long-name tables are refused.
 * @throws SlipwayError ARCHIVE_*
 */
export const readAr = (bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): readonly ArchiveEntry[] => {
	const all = toLimits(limits);
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (text.toString('latin1', 0, MAGIC.length) !== MAGIC) throw corrupt(`${JSON.stringify(MAGIC)} first`);
	const entries = new EntrySet(all);
	let offset = MAGIC.length;
	while (offset < bytes.length) {
		const start = offset + HEADER_BYTES;
		if (start > bytes.length) throw toArchiveError('ARCHIVE_TRUNCATED', 'expected a whole member header');
		const fields = parseFields(text.toString('latin1', offset, start));
		const size = Number(fields[5]);
		entries.announce(size);
		const end = start + size;
		if (end > bytes.length)
			throw toArchiveError('ARCHIVE_TRUNCATED', `expected ${size} bytes of content, got fewer`);
		entries.add(toEntry(fields, bytes.subarray(start, end), all));
		if (size % 2 === 1 && end < bytes.length && bytes[end] !== 0x0a) throw corrupt('a line feed as padding');
		offset = end + (size % 2);
	}
	return entries.finish();
};
