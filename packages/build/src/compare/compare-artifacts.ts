import {
	type ArchiveEntry,
	findFormat,
	gunzipLimited,
	readAr,
	readTar,
	readZip,
	unzstdLimited,
	verifyCompressedBytes,
} from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import { countDiffering, findOffset, toExcerpt } from './compare-bytes.ts';
import { compareMembers } from './compare-members.ts';
import type { Difference } from './difference.ts';
import { compareGzipHeaders } from './gzip-fields.ts';

/** Archives inside archives are opened this deep: .deb, data.tar.zst, data.tar, a .gz in it, and two more. */
const MAX_DEPTH = 6;
const LIMITS = { absoluteLinks: true } as const;

type Bytes = Uint8Array;
type Inside = readonly Difference[] | undefined;

const ARCHIVES: Readonly<Record<string, (bytes: Bytes) => Promise<readonly ArchiveEntry[]>>> = {
	ar: async (bytes) => readAr(bytes, LIMITS),
	tar: async (bytes) => readTar(bytes, LIMITS),
	zip: (bytes) => readZip(bytes, LIMITS),
};

interface Compression {
	readonly format: 'gzip' | 'zstd';
	readonly ending: RegExp;
	unpack(bytes: Bytes): Bytes;
}

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
	gzip: { format: 'gzip', unpack: (bytes) => gunzipLimited(bytes), ending: /\.gz$/ },
	zstd: { format: 'zstd', unpack: (bytes) => unzstdLimited(bytes), ending: /\.zst$/ },
};

const toContent = (path: readonly string[], first: Bytes, second: Bytes): Difference => {
	const offset = findOffset(first, second);
	return {
		path,
		kind: 'content',
		sizes: [first.length, second.length],
		offset,
		differingBytes: countDiffering(first, second),
		excerpts: [toExcerpt(first, offset), toExcerpt(second, offset)],
	};
};

const toUnpackedName = (name: string, ending: RegExp): string =>
	name.endsWith('.tgz')
		? name.replace(/tgz$/, 'tar')
		: ending.test(name)
			? name.replace(ending, '')
			: 'unpacked';

const compareCompressed = async (
	path: readonly string[],
	first: Bytes,
	second: Bytes,
	kind: string,
): Promise<Inside> => {
	const compression = COMPRESSIONS[kind];
	if (!compression) return undefined;
	const { format, unpack, ending } = compression;
	for (const bytes of [first, second]) await verifyCompressedBytes(format, bytes, LIMITS);
	const fields = kind === 'gzip' ? compareGzipHeaders(path, first, second) : [];
	const inner = [...path, toUnpackedName(path.at(-1) ?? '', ending)];
	return [...fields, ...(await compareAt(inner, unpack(first), unpack(second)))];
};

const compareArchives = async (
	path: readonly string[],
	first: Bytes,
	second: Bytes,
	kind: string,
): Promise<Inside> => {
	const read = ARCHIVES[kind];
	if (!read) return undefined;
	const { differences, pairs } = compareMembers(path, await read(first), await read(second));
	const inside: Difference[] = [...differences];
	for (const pair of pairs) inside.push(...(await compareAt(pair.path, pair.first, pair.second)));
	return inside;
};

/** What differs inside; undefined where they are not two readable files of one known format. */
const compareInside = async (path: readonly string[], first: Bytes, second: Bytes): Promise<Inside> => {
	const kind = findFormat(first);
	if (kind === undefined || kind !== findFormat(second) || path.length > MAX_DEPTH) return undefined;
	try {
		return (
			(await compareCompressed(path, first, second, kind)) ??
			(await compareArchives(path, first, second, kind))
		);
	} catch (error) {
		if (error instanceof SlipwayError) return undefined; // an archive that we refuse to read is still a file
		throw error;
	}
};

const compareAt = async (
	path: readonly string[],
	first: Bytes,
	second: Bytes,
): Promise<readonly Difference[]> => {
	if (Buffer.compare(first, second) === 0) return [];
	const inside = await compareInside(path, first, second);
	if (inside === undefined) return [toContent(path, first, second)];
	if (inside.length > 0) return inside;
	return [
		{ path, kind: 'encoding', offset: findOffset(first, second), sizes: [first.length, second.length] },
	];
};

/**
 * Compares two files byte for byte and says where they differ, inside tar, ar, gzip, zstd and zip too, nested.
 * @returns an empty list exactly when all bytes are equal
 */
export const compareArtifacts = (
	name: string,
	first: Uint8Array,
	second: Uint8Array,
): Promise<readonly Difference[]> => compareAt([name], first, second);
