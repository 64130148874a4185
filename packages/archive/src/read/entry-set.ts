import { toPrintable } from '@slipway/core';
import type { ArchiveEntry } from './entry.ts';
import { toArchiveError } from './error.ts';
import type { ArchiveLimits } from './limits.ts';
import { checkSymlinks } from './links.ts';

/** Control, format (bidirectional, zero-width) and surrogate characters, backslashes. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/u;

const findProblem = (path: string): string | undefined => {
	if (path === '' || path.length > 4096) return 'has no or more than 4096 characters';
	if (FORBIDDEN.test(path)) return 'has a control or format character or a backslash';
	if (path.startsWith('/')) return 'is absolute';
	if (/^[A-Za-z]:/.test(path)) return 'names a drive';
	if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
		return 'has an empty, "." or ".." segment';
	return undefined;
};

/**
 * The one form in which paths are compared: `./` in front and `/` at the end removed.
 * @throws SlipwayError ARCHIVE_PATH_UNSAFE, ARCHIVE_LIMIT_EXCEEDED
 */
export const toEntryPath = (raw: string, { maxDepth }: ArchiveLimits): string => {
	const path = raw.replace(/^\.\//, '').replace(/\/$/, '');
	if (raw === './' || raw === '.') return '.';
	const problem = findProblem(path);
	if (problem)
		throw toArchiveError('ARCHIVE_PATH_UNSAFE', `path ${JSON.stringify(toPrintable(raw, 200))} ${problem}`);
	if (path.split('/').length > maxDepth)
		throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `expected at most ${maxDepth} folders inside each other`);
	return path;
};

/** Equal for paths that are one file on a file system that ignores case or Unicode normal form (APFS, NTFS). */
const toKey = (path: string): string => path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** Characters of all paths and link targets together: with 4096 for each, a hundred thousand fill the memory. */
const MAX_NAME_CHARACTERS = 16 * 1024 * 1024;

/** Gathers the entries of one archive and refuses what must not stand side by side. */
export class EntrySet {
	readonly #limits: ArchiveLimits;
	readonly #entries: ArchiveEntry[] = [];
	readonly #byKey = new Map<string, ArchiveEntry>();
	#totalBytes = 0;
	#nameCharacters = 0;

	constructor(limits: ArchiveLimits) {
		this.#limits = limits;
	}

	/** To be called with what a header announces, before any of it is read. @throws SlipwayError ARCHIVE_LIMIT_EXCEEDED */
	announce(size: number): void {
		const { maxEntries, maxEntryBytes, maxTotalBytes } = this.#limits;
		this.#totalBytes += size;
		if (this.#entries.length >= maxEntries)
			throw toArchiveError('ARCHIVE_LIMIT_EXCEEDED', `expected at most ${maxEntries} entries`);
		if (size > maxEntryBytes)
			throw toArchiveError(
				'ARCHIVE_LIMIT_EXCEEDED',
				`expected at most ${maxEntryBytes} bytes in one entry, got ${size}`,
			);
		if (this.#totalBytes > maxTotalBytes)
			throw toArchiveError(
				'ARCHIVE_LIMIT_EXCEEDED',
				`expected at most ${maxTotalBytes} bytes in all entries`,
			);
	}

	#countName({ path, linkName = '' }: ArchiveEntry): void {
		this.#nameCharacters += path.length + linkName.length;
		if (this.#nameCharacters > MAX_NAME_CHARACTERS)
			throw toArchiveError(
				'ARCHIVE_LIMIT_EXCEEDED',
				`expected at most ${MAX_NAME_CHARACTERS} characters in all paths`,
			);
	}

	/** @throws SlipwayError ARCHIVE_DUPLICATE, ARCHIVE_ENTRY_REFUSED, ARCHIVE_LINK_UNSAFE, ARCHIVE_LIMIT_EXCEEDED */
	add(entry: ArchiveEntry): void {
		this.#countName(entry);
		const key = toKey(entry.path);
		const other = this.#byKey.get(key);
		if (other) {
			throw toArchiveError(
				'ARCHIVE_DUPLICATE',
				`${JSON.stringify(other.path)} and ${JSON.stringify(entry.path)} are one file on some systems`,
			);
		}
		if ((entry.mode & 0o6000) !== 0 || (entry.mode & 0o1000 && entry.type !== 'directory')) {
			throw toArchiveError(
				'ARCHIVE_ENTRY_REFUSED',
				`${JSON.stringify(entry.path)} has mode ${entry.mode.toString(8)}: set-id and sticky bits are refused`,
			);
		}
		if (entry.type === 'hardlink') this.#checkHardlink(entry);
		this.#byKey.set(key, entry);
		this.#entries.push(entry);
	}

	/** All entries in their order. @throws SlipwayError ARCHIVE_DUPLICATE, ARCHIVE_LINK_UNSAFE */
	finish(): readonly ArchiveEntry[] {
		for (const { path } of this.#entries) this.#checkParents(path);
		checkSymlinks(this.#entries, this.#limits.absoluteLinks);
		return this.#entries;
	}

	/** Every folder on the way must be a folder: nothing is written through a link or a file. */
	#checkParents(path: string): void {
		const key = toKey(path);
		for (let slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
			const parent = this.#byKey.get(key.slice(0, slash));
			if (!parent || parent.type === 'directory') continue;
			throw toArchiveError(
				parent.type === 'symlink' ? 'ARCHIVE_LINK_UNSAFE' : 'ARCHIVE_DUPLICATE',
				`${JSON.stringify(path)} lies below ${JSON.stringify(parent.path)}, which is a ${parent.type}`,
			);
		}
	}

	/** Only to a plain file that came before: no chains, nothing outside. */
	#checkHardlink({ path, linkName = '' }: ArchiveEntry): void {
		const target = this.#byKey.get(toKey(linkName));
		if (target?.type === 'file' && target.path === linkName) return;
		throw toArchiveError(
			'ARCHIVE_LINK_UNSAFE',
			`hard link ${JSON.stringify(path)} expected an earlier file, got ${JSON.stringify(toPrintable(linkName, 200))}`,
		);
	}
}
