import type { Difference } from './difference.ts';

const NAME_FLAG = 0x08;
const EXTRA_FLAG = 0x04;
const HEADER_BYTES = 10;

/** The name that gzip stores, where one is there (RFC 1952, 2.3). */
const readName = (bytes: Uint8Array): string => {
	const flags = bytes[3] ?? 0;
	if ((flags & NAME_FLAG) === 0) return '';
	const extra = (flags & EXTRA_FLAG) === 0 ? 0 : 2 + (bytes[10] ?? 0) + (bytes[11] ?? 0) * 256;
	const start = HEADER_BYTES + extra;
	const end = bytes.indexOf(0, start);
	return Buffer.from(bytes.subarray(start, end < 0 ? undefined : end)).toString('latin1');
};

const FIELDS: readonly (readonly [field: string, read: (bytes: Uint8Array) => string])[] = [
	['gzip mtime', (bytes) => String(Buffer.from(bytes).readUInt32LE(4))],
	['gzip level', (bytes) => String(bytes[8])],
	['gzip system', (bytes) => String(bytes[9])],
	['gzip name', readName],
];

/** Fields of the headers of two gzip files that differ. */
export const compareGzipHeaders = (
	path: readonly string[],
	first: Uint8Array,
	second: Uint8Array,
): Difference[] => {
	if (first.length < HEADER_BYTES || second.length < HEADER_BYTES) return [];
	return FIELDS.map(([field, read]) => ({ field, values: [read(first), read(second)] as const }))
		.filter(({ values: [a, b] }) => a !== b)
		.map((difference) => ({ path, kind: 'field', ...difference }));
};
