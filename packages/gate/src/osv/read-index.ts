import { type FileHandle, open } from 'node:fs/promises';
import { parseJson, parseWith, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { RATINGS } from './cvss.ts';
import {
	BLOCK_DIGEST_BYTES,
	IndexHeader,
	KEY_BYTES,
	MAX_HEADER_BYTES,
	ROW_BYTES,
	toBlockDigest,
	toIndexKey,
	toSha256,
} from './index-format.ts';
import type { OsvEntry } from './osv-record.ts';

const Strings = v.optional(v.array(v.string()));
const Block = v.object({
	ecosystem: v.string(),
	name: v.string(),
	entries: v.array(
		v.object({
			id: v.string(),
			aliases: Strings,
			summary: v.optional(v.string()),
			rating: v.optional(v.picklist(RATINGS)),
			malware: v.optional(v.literal(true)),
			release: v.optional(v.string()),
			ranges: v.optional(v.array(v.array(v.string()))),
			versions: Strings,
		}),
	),
});

/** An index that was opened. Close it. */
export interface OsvIndex {
	readonly header: IndexHeader;
	/** sha256 of the header: stands for everything in the index. */
	readonly snapshot: string;
	/** What the records say of a package. @throws SlipwayError GATE_INDEX_INVALID */
	find(ecosystem: string, name: string): Promise<readonly OsvEntry[]>;
	close(): Promise<void>;
}

/** Every record of the package with the most of them (linux) is a few megabytes. */
const MAX_BLOCK_BYTES = 128 * 1024 * 1024;

const HINT = 'Make the index again: slipway gate index DUMP --out FILE.';

const refuse = (file: string, problem: string, cause?: unknown): SlipwayError =>
	new SlipwayError<GateCode>(
		'GATE_INDEX_INVALID',
		`expected an index of OSV records at ${file}, but it ${problem}`,
		{
			hint: HINT,
			cause,
		},
	);

const readAt = async (handle: FileHandle, length: number, position: number): Promise<Buffer> => {
	const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
};

const readHeader = async (handle: FileHandle, file: string) => {
	const start = await readAt(handle, 64 * 1024, 0);
	const more = start.includes(0x0a) ? start : await readAt(handle, MAX_HEADER_BYTES, 0);
	const end = more.indexOf(0x0a) + 1;
	if (end === 0) throw refuse(file, 'has no header');
	const bytes = more.subarray(0, end);
	const header = parseWith(IndexHeader, parseJson(bytes, file), {
		code: 'GATE_INDEX_INVALID' satisfies GateCode,
		what: file,
		hint: HINT,
	});
	return { header, end, snapshot: toSha256(bytes) };
};

/** The row with this key, by bisection; undefined where there is none. */
const findRow = (table: Buffer, key: Buffer): Buffer | undefined => {
	let [low, high] = [0, table.length / ROW_BYTES];
	while (low < high) {
		const middle = (low + high) >>> 1;
		const at = middle * ROW_BYTES;
		const order = key.compare(table, at, at + KEY_BYTES);
		if (order === 0) return table.subarray(at, at + ROW_BYTES);
		if (order < 0) high = middle;
		else low = middle + 1;
	}
	return undefined;
};

/** Where the blocks begin, and the size of the file. */
interface Extent {
	readonly start: number;
	readonly size: number;
}

const readBlock = async (
	handle: FileHandle,
	row: Buffer,
	{ start, size }: Extent,
): Promise<Buffer | undefined> => {
	const [offset, length] = [row.readUInt32BE(KEY_BYTES), row.readUInt32BE(KEY_BYTES + 4)];
	if (start + offset + length > size || length > MAX_BLOCK_BYTES) return undefined;
	const block = await readAt(handle, length, start + offset);
	return toBlockDigest(block).equals(row.subarray(ROW_BYTES - BLOCK_DIGEST_BYTES)) ? block : undefined;
};

const toIndex = async (handle: FileHandle, file: string): Promise<OsvIndex> => {
	const { header, end, snapshot } = await readHeader(handle, file);
	const { size } = await handle.stat();
	const length = header.table.rows * ROW_BYTES;
	if (end + length > size) throw refuse(file, 'ends too early');
	const table = await readAt(handle, length, end);
	if (toSha256(table) !== header.table.digest.sha256)
		throw refuse(file, 'was changed: its table has another digest');
	const find = async (ecosystem: string, name: string): Promise<readonly OsvEntry[]> => {
		const row = findRow(table, toIndexKey(ecosystem, name));
		if (!row) return [];
		const block = await readBlock(handle, row, { start: end + length, size });
		if (!block) throw refuse(file, 'was changed or cut off: a block has another digest');
		const parsed = v.safeParse(Block, parseJson(block, file, { maxBytes: block.length }));
		if (!parsed.success) throw refuse(file, 'holds a block that is none');
		const isAsked = parsed.output.ecosystem === ecosystem && parsed.output.name === name;
		return isAsked ? (parsed.output.entries as readonly OsvEntry[]) : [];
	};
	return { header, snapshot, find, close: () => handle.close() };
};

/**
 * Opens an index: reads its header and table, a few megabytes, and nothing else until it is asked.
 * @throws SlipwayError GATE_INDEX_INVALID, JSON_*
 */
export const openOsvIndex = async (file: string): Promise<OsvIndex> => {
	const handle = await open(file, 'r').catch((cause) => {
		throw refuse(file, 'cannot be read', cause);
	});
	try {
		return await toIndex(handle, file);
	} catch (thrown) {
		await handle.close();
		throw thrown;
	}
};
