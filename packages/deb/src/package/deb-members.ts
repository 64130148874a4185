import {
	type ArchiveEntry,
	type ArchiveLimits,
	findFormat,
	readAr,
	readCompressedTar,
	readTar,
} from '@slipway/archive';
import { SlipwayError, toMessage, toPrintable } from '@slipway/core';
import { toDebError } from './error.ts';
import { unxzLimited, type XzPlace } from './xz.ts';
import { findFrameEnd } from './zstd-frame.ts';

/** The three members of a .deb that matter (deb(5)), still compressed. */
export interface DebMembers {
	readonly control: ArchiveEntry;
	readonly data: ArchiveEntry;
}

const HINT = 'Build the package again, with Slipway or dpkg-deb; nothing of it was used.';

const invalid = (message: string, cause?: unknown) => toDebError('DEB_INVALID', message, HINT, cause);

/** Says in which member of a .deb an archive reader found something, and keeps its error as the cause. */
export const toMemberError = (member: string, cause: unknown): unknown => {
	if (!(cause instanceof SlipwayError) || !String(cause.code).startsWith('ARCHIVE_')) return cause;
	const code = cause.code === 'ARCHIVE_LIMIT_EXCEEDED' ? 'DEB_TOO_LARGE' : 'DEB_INVALID';
	return toDebError(code, `${member}: ${toMessage(cause)}`, HINT, cause);
};

const readMembers = (bytes: Uint8Array): readonly ArchiveEntry[] => {
	try {
		return readAr(bytes, { maxEntries: 16 });
	} catch (cause) {
		throw toMemberError('the package', cause);
	}
};

/**
 * Finds the members in their order: debian-binary of format 2.0, control.tar, data.tar, then only such that begin
 * with "_".
 * @throws SlipwayError DEB_INVALID, DEB_TOO_LARGE
 */
export const readDebMembers = (bytes: Uint8Array): DebMembers => {
	const [format, control, data, ...more] = readMembers(bytes);
	const names = [format, control, data, ...more].map((member) => toPrintable(member?.path ?? 'nothing', 40));
	const isInOrder =
		format?.path === 'debian-binary' &&
		/^control\.tar(?:\.(?:gz|xz|zst))?$/.test(control?.path ?? '') &&
		/^data\.tar(?:\.(?:gz|xz|zst))?$/.test(data?.path ?? '') &&
		more.every(({ path }) => path.startsWith('_'));
	if (!isInOrder || control === undefined || data === undefined)
		throw invalid(
			`expected the members debian-binary, control.tar and data.tar (.gz, .xz, .zst or neither), got ${names.join(', ')}`,
		);
	if (Buffer.compare(format.bytes, Buffer.from('2.0\n')) !== 0)
		throw invalid('expected format 2.0 in debian-binary');
	return { control, data };
};

const FORMATS: Readonly<Record<string, string>> = { gz: 'gzip', xz: 'xz', zst: 'zstd', tar: 'tar' };

const readAny = async ({ path, bytes }: ArchiveEntry, limits: Limits, place: XzPlace): Promise<Tar> => {
	const ending = path.slice(path.lastIndexOf('.') + 1);
	const format = findFormat(bytes);
	if (format !== FORMATS[ending])
		throw invalid(`${path}: expected ${FORMATS[ending]} by its name, got ${format ?? 'something else'}`);
	if (ending === 'gz') return toTar(await readCompressedTar('gzip', bytes, limits));
	if (ending === 'xz') return ofTar(await unxzLimited(bytes, toXzLimit(bytes.length, limits), place), limits);
	if (ending === 'tar') return ofTar(bytes, limits);
	if (findFrameEnd(bytes) !== bytes.length)
		throw invalid(`${path}: expected exactly one zstd frame, as dpkg-deb reads no other`);
	return toTar(await readCompressedTar('zstd', bytes, limits));
};

const toTar = ({ tar, entries }: Awaited<ReturnType<typeof readCompressedTar>>): Tar => ({
	bytes: tar,
	entries,
});

const ofTar = (bytes: Uint8Array, limits: Limits): Tar => ({ bytes, entries: readTar(bytes, limits) });

type Limits = Pick<ArchiveLimits, 'maxTotalBytes' | 'maxRatio' | 'maxEntries' | 'absoluteLinks'>;

const MEBIBYTE = 1024 * 1024;

const toXzLimit = (compressed: number, { maxTotalBytes, maxRatio }: Limits): number =>
	Math.min(maxTotalBytes, Math.max(MEBIBYTE, compressed * maxRatio));

/** A tar of a package, unpacked in memory, and its entries. */
export interface Tar {
	readonly bytes: Uint8Array;
	readonly entries: readonly ArchiveEntry[];
}

const readMember = async (member: ArchiveEntry, limits: Limits, place: XzPlace): Promise<Tar> => {
	try {
		return await readAny(member, limits, place);
	} catch (cause) {
		throw toMemberError(member.path, cause);
	}
};

/** @throws SlipwayError DEB_INVALID, DEB_TOO_LARGE, DEB_COMPRESSION_UNAVAILABLE */
export const readControlTar = (member: ArchiveEntry, place: XzPlace): Promise<Tar> =>
	readMember(
		member,
		{ maxTotalBytes: 16 * MEBIBYTE, maxRatio: 300, maxEntries: 256, absoluteLinks: false },
		place,
	);

/** @throws SlipwayError DEB_INVALID, DEB_TOO_LARGE, DEB_COMPRESSION_UNAVAILABLE */
export const readDataTar = (member: ArchiveEntry, place: XzPlace): Promise<Tar> =>
	readMember(
		member,
		{ maxTotalBytes: 2048 * MEBIBYTE, maxRatio: 300, maxEntries: 200_000, absoluteLinks: true },
		place,
	);
