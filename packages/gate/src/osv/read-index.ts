import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseJson, parseWith, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { RATINGS } from './cvss.ts';
import {
	DIGEST_AT,
	IndexHeader,
	LENGTH_AT,
	MAX_HEADER_BYTES,
	ROW_BYTES,
	toBlockDigest,
	toBucket,
	toLineStart,
	toSha256,
} from './index-format.ts';
import type { OsvEntry } from './osv-record.ts';

const Strings = v.optional(v.array(v.string()));
const Line = v.strictTuple([
	v.string(),
	v.string(),
	v.array(
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
]);

/** An index that was opened. Close it. */
export interface OsvIndex {
	readonly header: IndexHeader;
	/** sha256 of the header: stands for everything in the index. */
	readonly snapshot: string;
	/** What the records say of a package. @throws SlipwayError GATE_INDEX_INVALID */
	find(ecosystem: string, name: string): readonly OsvEntry[];
	close(): void;
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

const readAt = (descriptor: number, length: number, position: number): Buffer => {
	const buffer = Buffer.allocUnsafe(length);
	return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
};

const readHeader = (descriptor: number, file: string) => {
	const start = readAt(descriptor, 64 * 1024, 0);
	const more = start.includes(0x0a) ? start : readAt(descriptor, MAX_HEADER_BYTES, 0);
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

/** Where the blocks begin, and the size of the file. */
interface Extent {
	readonly start: number;
	readonly size: number;
}

const readBlock = (descriptor: number, row: Buffer, { start, size }: Extent): Buffer | undefined => {
	const [offset, length] = [row.readUInt32BE(0), row.readUInt32BE(LENGTH_AT)];
	if (start + offset + length > size || length > MAX_BLOCK_BYTES) return undefined;
	const block = readAt(descriptor, length, start + offset);
	return toBlockDigest(block).equals(row.subarray(DIGEST_AT)) ? block : undefined;
};

/** The line that begins like this, without its line feed. */
const findLine = (block: Buffer, start: string): Buffer | undefined => {
	for (let at = block.indexOf(start); at >= 0; at = block.indexOf(start, at + 1))
		if (at === 0 || block[at - 1] === 0x0a) return block.subarray(at, block.indexOf(0x0a, at));
	return undefined;
};

/** @throws SlipwayError GATE_INDEX_INVALID, JSON_* */
const parseLine = (line: Buffer, file: string): readonly OsvEntry[] => {
	const parsed = v.safeParse(Line, parseJson(line, file, { maxBytes: line.length }));
	if (!parsed.success) throw refuse(file, 'holds a line that is none');
	return parsed.output[2] as readonly OsvEntry[];
};

const toIndex = (descriptor: number, file: string): OsvIndex => {
	const { header, end, snapshot } = readHeader(descriptor, file);
	const { buckets, digest } = header.table;
	const { size } = fstatSync(descriptor);
	const length = buckets * ROW_BYTES;
	if (end + length > size) throw refuse(file, 'ends too early');
	const table = readAt(descriptor, length, end);
	if (toSha256(table) !== digest.sha256) throw refuse(file, 'was changed: its table has another digest');
	const find = (ecosystem: string, name: string): readonly OsvEntry[] => {
		const at = toBucket(ecosystem, name, buckets) * ROW_BYTES;
		const block = readBlock(descriptor, table.subarray(at, at + ROW_BYTES), { start: end + length, size });
		if (!block) throw refuse(file, 'was changed or cut off: a block has another digest');
		const line = findLine(block, toLineStart(ecosystem, name));
		return line ? parseLine(line, file) : [];
	};
	return { header, snapshot, find, close: () => closeSync(descriptor) };
};

const open = (file: string): number => {
	try {
		return openSync(file, 'r');
	} catch (cause) {
		throw refuse(file, 'cannot be read', cause);
	}
};

/**
 * Opens an index: reads its header and table, a few megabytes, and nothing else until it is asked. Reads block: a few
 * microseconds each, where a thousand promises would wait for each other.
 * @throws SlipwayError GATE_INDEX_INVALID, JSON_*
 */
export const openOsvIndex = (file: string): OsvIndex => {
	const descriptor = open(file);
	try {
		return toIndex(descriptor, file);
	} catch (thrown) {
		closeSync(descriptor);
		throw thrown;
	}
};
