import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ArchiveLimits, visitZip } from '@slipway/archive';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { GateCode } from '../code.ts';

/** Of osv.dev's largest dump, with room for years: 600,000 records. */
const LIMITS: Partial<ArchiveLimits> = {
	maxEntries: 2_000_000,
	maxEntryBytes: 16 * 1024 * 1024,
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

const readDumpFile = async (path: string): Promise<Uint8Array> => {
	const { size } = await stat(path);
	if (size > MAX_ZIP_BYTES) throw refuse(`${path} is larger than ${MAX_ZIP_BYTES} bytes`);
	return readFile(path);
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
		const bytes = await readDumpFile(path);
		const isZip = !path.endsWith('.json');
		if (isZip) {
			await visitZip(
				bytes,
				(entry) => {
					if (entry.type === 'file' && entry.path.endsWith('.json')) visit(entry.bytes);
				},
				LIMITS,
			);
		} else visit(bytes);
		const sha256 = createHash('sha256').update(bytes).digest('hex');
		read.push({ name: basename(path), digest: { sha256 } });
	}
	if (read.length === 0) throw refuse(`expected OSV records in ${toPrintable(place, 300)}, found none`);
	return read;
};
