import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ArchiveEntry, type ArchiveLimits, hashFile, visitZipFile } from '@slipway/archive';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { GateCode } from '../code.ts';

const MAX_RECORD_BYTES = 16 * 1024 * 1024;
/** Of osv.dev's largest dump, with room for years: 600,000 records. */
const LIMITS: Partial<ArchiveLimits> = {
	maxEntries: 2_000_000,
	maxEntryBytes: MAX_RECORD_BYTES,
	maxTotalBytes: 16 * 1024 ** 3,
};
const MAX_ZIP_BYTES = 4 * 1024 ** 3 - 1;

/** A file of a dump: a zip of records, or a single record. */
export interface DumpFile {
	readonly name: string;
	readonly digest: { readonly sha256: string };
}

const refuse = (message: string, cause?: unknown): SlipwayError =>
	new SlipwayError<GateCode>('GATE_DUMP_INVALID', message, {
		hint: "Name the all.zip of an ecosystem from OSV's data export, or a folder with such zips or with the records.",
		cause,
	});

const isWanted = (name: string): boolean => name.endsWith('.json') || name.endsWith('.zip');

const findFiles = async (place: string): Promise<string[]> => {
	const stats = await stat(place).catch((cause) => {
		throw refuse(`expected a dump of OSV records at ${place}, found none`, cause);
	});
	if (!stats.isDirectory()) return [place];
	const entries = await readdir(place, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && isWanted(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
};

const checkSize = async (path: string, most: number): Promise<void> => {
	const { size } = await stat(path);
	if (size > most) throw refuse(`${path} is larger than ${most} bytes`);
};

const visitFile = async (path: string, visit: (bytes: Uint8Array) => void): Promise<void> => {
	if (path.endsWith('.json')) {
		await checkSize(path, MAX_RECORD_BYTES);
		visit(await readFile(path));
		return;
	}
	await checkSize(path, MAX_ZIP_BYTES);
	const visitEntry = ({ type, path: name, bytes }: ArchiveEntry): void => {
		if (type === 'file' && name.endsWith('.json')) visit(bytes);
	};
	await visitZipFile(path, visitEntry, LIMITS);
};

/**
 * Gives every record of a dump to `visit`, one at a time: a zip file (read entry by entry, never extracted), or a folder
 * with zips or records at any depth.
 * @returns the files that were read, by digest, sorted by path
 * @throws SlipwayError GATE_DUMP_INVALID, ARCHIVE_*
 */
export const visitDump = async (place: string, visit: (bytes: Uint8Array) => void): Promise<DumpFile[]> => {
	const read: DumpFile[] = [];
	const paths = await findFiles(place);
	for (const path of paths) {
		await visitFile(path, visit);
		const { sha256 } = (await hashFile(path)).digest;
		read.push({ name: basename(path), digest: { sha256 } });
	}
	if (read.length === 0) throw refuse(`expected OSV records in ${toPrintable(place, 300)}, found none`);
	return read;
};
