import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SlipwayError, toCanonicalJson } from '@slipway/core';
import type { GateCode } from '../code.ts';
import { type DumpFile, visitDump } from './dump.ts';
import { findOrder } from './ecosystems.ts';
import {
	DIGEST_AT,
	INDEX_MEDIA_TYPE,
	type IndexHeader,
	LENGTH_AT,
	MAX_BLOCKS_BYTES,
	PACKAGES_PER_BUCKET,
	ROW_BYTES,
	toBlockDigest,
	toBucket,
	toLineStart,
	toSha256,
} from './index-format.ts';
import { isAffected } from './is-affected.ts';
import { type OsvEntry, type PackageEntry, parseOsvRecord, toPackageEntries } from './osv-record.ts';

/** More unreadable records than one in so many, and what was read is not taken for OSV's. */
const MAX_UNREADABLE_SHARE = 100;

interface PackageBlock {
	readonly ecosystem: string;
	readonly name: string;
	/** JSON texts: half the memory of the objects. */
	readonly entries: string[];
}

/** Gathers what records say, by package. */
class IndexDraft {
	readonly blocks = new Map<string, PackageBlock>();
	readonly ecosystems: Record<string, { entries: number; newest: string }> = {};
	readonly records = { read: 0, withdrawn: 0, unreadable: 0 };

	add(bytes: Uint8Array): void {
		const record = parseOsvRecord(bytes);
		this.records.read += 1;
		if (!record) this.records.unreadable += 1;
		else if (record.withdrawn) this.records.withdrawn += 1;
		else
			for (const each of toPackageEntries(record)) this.#put(each, new Date(record.modified).toISOString());
	}

	#put({ ecosystem, name, entry }: PackageEntry, modified: string): void {
		const key = `${ecosystem}\0${name}`;
		const block = this.blocks.get(key) ?? { ecosystem, name, entries: [] };
		block.entries.push(JSON.stringify(withoutRedundant(entry, ecosystem)));
		this.blocks.set(key, block);
		const { entries, newest } = this.ecosystems[ecosystem] ?? { entries: 0, newest: modified };
		this.ecosystems[ecosystem] = { entries: entries + 1, newest: newest > modified ? newest : modified };
	}
}

/** Databases list versions that their ranges say already (Debian: hundreds each): those are left out. */
const withoutRedundant = (entry: OsvEntry, ecosystem: string): OsvEntry => {
	const { versions, ranges, ...rest } = entry;
	if (!versions || !ranges) return entry;
	const order = findOrder(ecosystem);
	const left = versions.filter((version) => !isAffected(version, { ranges }, order));
	return { ...rest, ranges, ...(left.length > 0 && { versions: left }) };
};

const toLine = ({ ecosystem, name, entries }: PackageBlock): string =>
	`${toLineStart(ecosystem, name)}[${entries.sort().join(',')}]]\n`;

const refuse = (message: string): SlipwayError =>
	new SlipwayError<GateCode>('GATE_DUMP_INVALID', message, {
		hint: "Get the dump again from OSV's data export; index fewer ecosystems at once if it is too large.",
	});

const toRow = (offset: number, block: Buffer): Buffer => {
	const row = Buffer.alloc(ROW_BYTES);
	row.writeUInt32BE(offset, 0);
	row.writeUInt32BE(block.length, LENGTH_AT);
	toBlockDigest(block).copy(row, DIGEST_AT);
	return row;
};

/** Bytes of each bucket's block: the lines of its packages, sorted. */
const toBlocks = (packages: readonly PackageBlock[], count: number): Buffer[] => {
	const lines: string[][] = Array.from({ length: count }, () => []);
	for (const each of packages) lines[toBucket(each.ecosystem, each.name, count)]?.push(toLine(each));
	return lines.map((bucket) => Buffer.from(bucket.sort().join('')));
};

const toParts = (draft: IndexDraft, dump: readonly DumpFile[]) => {
	const packages = [...draft.blocks.values()];
	const buckets = Math.max(1, Math.ceil(packages.length / PACKAGES_PER_BUCKET));
	const blocks = toBlocks(packages, buckets);
	const rows: Buffer[] = [];
	let offset = 0;
	for (const block of blocks) {
		rows.push(toRow(offset, block));
		offset += block.length;
		if (offset > MAX_BLOCKS_BYTES) throw refuse(`expected an index of at most ${MAX_BLOCKS_BYTES} bytes`);
	}
	const table = Buffer.concat(rows);
	const header: IndexHeader = {
		mediaType: INDEX_MEDIA_TYPE,
		ecosystems: draft.ecosystems,
		records: draft.records,
		dump: dump.map(({ name, digest }) => ({ name, digest })),
		table: { buckets, digest: { sha256: toSha256(table) } },
	};
	return { header, table, blocks };
};

const writeWhole = async (file: string, parts: readonly Uint8Array[]): Promise<void> => {
	const temporary = `${file}.${randomUUID()}.tmp`;
	await mkdir(dirname(file), { recursive: true });
	const handle = await open(temporary, 'wx');
	try {
		for (let at = 0; at < parts.length; at += 1024) await handle.writev(parts.slice(at, at + 1024));
		await handle.sync();
		await handle.close();
		await rename(temporary, file);
	} catch (thrown) {
		await handle.close().catch(() => undefined);
		await rm(temporary, { force: true });
		throw thrown;
	}
};

/** What an index was made of. `snapshot` is its id: the sha256 of the header. */
export interface WrittenIndex {
	readonly snapshot: string;
	readonly header: IndexHeader;
}

/**
 * Reads a dump of OSV records (a zip, or a folder of zips or records) once and writes the index that gates look into.
 * The same dump gives the same bytes. Withdrawn records are left out; unreadable ones are counted.
 * @throws SlipwayError GATE_DUMP_INVALID, ARCHIVE_*
 */
export const writeOsvIndex = async (dump: string, file: string): Promise<WrittenIndex> => {
	const draft = new IndexDraft();
	const files = await visitDump(dump, (bytes) => draft.add(bytes));
	const { read, unreadable } = draft.records;
	if (unreadable * MAX_UNREADABLE_SHARE > read)
		throw refuse(`expected OSV records, but ${unreadable} of ${read} files are none`);
	const { header, table, blocks } = toParts(draft, files);
	const head = Buffer.from(`${toCanonicalJson(header)}\n`);
	await writeWhole(file, [head, table, ...blocks]);
	return { snapshot: toSha256(head), header };
};
