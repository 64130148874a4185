import { toArchiveError } from './error.ts';
import { decodeText } from './tar-header.ts';

/** What a pax extended header says about the entry after it; other keywords do not change what is read. */
export interface PaxFields {
	readonly path?: string;
	readonly linkpath?: string;
	readonly size?: number;
	readonly mtime?: number;
}

const MAX_BYTES = 1024 * 1024;

/** The records `length key=value\n`, strictly. pax(1), "pax Extended Header". @throws SlipwayError ARCHIVE_CORRUPT, ARCHIVE_AMBIGUOUS, ARCHIVE_LIMIT_EXCEEDED */
export const parsePaxRecords = (bytes: Uint8Array): ReadonlyMap<string, string> => {
	if (bytes.length > MAX_BYTES)
		throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `expected a pax header of at most ${MAX_BYTES} bytes`);
	const records = new Map<string, string>();
	let offset = 0;
	while (offset < bytes.length) {
		const digits = /^(\d{1,7}) /.exec(
			Buffer.from(bytes.subarray(offset, offset + 8)).toString('latin1'),
		)?.[1];
		const end = offset + Number(digits);
		if (digits === undefined || end > bytes.length || bytes[end - 1] !== 0x0a)
			throw toArchiveError(
				'ARCHIVE_CORRUPT',
				'expected records of the form "length key=value" in a pax header',
			);
		const record = decodeText(bytes.subarray(offset + digits.length + 1, end - 1));
		const [key = '', ...value] = record.split('=');
		if (value.length === 0 || key === '')
			throw toArchiveError('ARCHIVE_CORRUPT', 'expected key=value in a pax header');
		if (records.has(key))
			throw toArchiveError('ARCHIVE_AMBIGUOUS', `${JSON.stringify(key)} stands twice in a pax header`);
		records.set(key, value.join('='));
		offset = end;
	}
	return records;
};

const toNumber = (text: string, pattern: RegExp, key: string): number => {
	if (!pattern.test(text))
		throw toArchiveError('ARCHIVE_CORRUPT', `expected a number as ${key} in a pax header`);
	return Number(text);
};

/** @throws SlipwayError ARCHIVE_* also for sparse files and names in an unknown character set */
export const parsePax = (bytes: Uint8Array): PaxFields => {
	const records = parsePaxRecords(bytes);
	for (const key of records.keys())
		if (key.startsWith('GNU.sparse.'))
			throw toArchiveError('ARCHIVE_ENTRY_REFUSED', 'sparse files are refused');
	if ((records.get('hdrcharset') ?? 'ISO-IR 10646 2000 UTF-8') !== 'ISO-IR 10646 2000 UTF-8')
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'expected names in UTF-8 in a pax header');
	const path = records.get('path');
	const linkpath = records.get('linkpath');
	const size = records.get('size');
	const mtime = records.get('mtime');
	return {
		...(path === undefined ? {} : { path }),
		...(linkpath === undefined ? {} : { linkpath }),
		...(size === undefined ? {} : { size: toNumber(size, /^\d{1,15}$/, 'size') }),
		...(mtime === undefined ? {} : { mtime: toNumber(mtime, /^-?\d{1,15}(\.\d{1,30})?$/, 'mtime') }),
	};
};

/** A global header may carry comments (git archive) and times, nothing that names or sizes entries. @throws SlipwayError ARCHIVE_* */
export const checkGlobalPax = (bytes: Uint8Array): void => {
	const { path, linkpath, size } = parsePax(bytes);
	if (path !== undefined || linkpath !== undefined || size !== undefined)
		throw toArchiveError('ARCHIVE_AMBIGUOUS', 'a global pax header names or sizes entries');
};
