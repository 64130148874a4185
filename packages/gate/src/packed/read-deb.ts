import { type ArchiveEntry, type ArchiveLimits, readAr, readCompressedTar, readTar } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { GateCode } from '../code.ts';
import { type PackedFile, toPackedFile } from './packed-file.ts';

/** Unpacks one xz stream up to `maxBytes`. */
export type Unxz = (bytes: Uint8Array, maxBytes: number) => Promise<Uint8Array>;

const invalid = (what: string, problem: string) =>
	new SlipwayError<GateCode>('GATE_PACKAGE_INVALID', `${what}: ${problem}`, {
		hint: 'Build the package again, with Slipway or dpkg-deb.',
	});

const MEBIBYTE = 1024 * 1024;
const CONTROL_LIMITS = { maxTotalBytes: 16 * MEBIBYTE, maxEntries: 256 };
const DATA_LIMITS = { maxTotalBytes: 2048 * MEBIBYTE, maxEntries: 200_000, absoluteLinks: true };

type Limits = Partial<ArchiveLimits> & { readonly maxTotalBytes: number };

const readMemberTar = async (
	{ path, bytes }: ArchiveEntry,
	limits: Limits,
	unxz: Unxz | undefined,
): Promise<readonly ArchiveEntry[]> => {
	if (path.endsWith('.gz')) return (await readCompressedTar('gzip', bytes, limits)).entries;
	if (path.endsWith('.zst')) return (await readCompressedTar('zstd', bytes, limits)).entries;
	if (path.endsWith('.tar')) return readTar(bytes, limits);
	if (unxz) return readTar(await unxz(bytes, limits.maxTotalBytes), limits);
	throw invalid(path, 'xz cannot be unpacked here');
};

/** The two tar members of a .deb (deb(5)). @throws SlipwayError ARCHIVE_*, GATE_PACKAGE_INVALID */
const readMembers = (bytes: Uint8Array, what: string): readonly [ArchiveEntry, ArchiveEntry] => {
	const members = readAr(bytes, { maxEntries: 16 });
	const [control, data] = ['control', 'data'].map((name) =>
		members.find(({ path }) => new RegExp(`^${name}\\.tar(?:\\.(?:gz|xz|zst))?$`).test(path)),
	);
	if (control && data && members[0]?.path === 'debian-binary') return [control, data];
	throw invalid(what, 'expected the members debian-binary, control.tar and data.tar');
};

/**
 * All that a .deb holds: what is installed, and its control files below DEBIAN/.
 * @throws SlipwayError ARCHIVE_*, GATE_PACKAGE_INVALID
 */
export const readDeb = async (
	bytes: Uint8Array,
	{ what, unxz }: { readonly what: string; readonly unxz: Unxz | undefined },
): Promise<readonly PackedFile[]> => {
	const [control, data] = readMembers(bytes, what);
	const controls = await readMemberTar(control, CONTROL_LIMITS, unxz);
	const installed = await readMemberTar(data, DATA_LIMITS, unxz);
	const inControl = controls.map((entry) => toPackedFile({ ...entry, path: `DEBIAN/${entry.path}` }));
	return [...inControl, ...installed.map((entry) => toPackedFile(entry))].filter(
		({ path }) => path !== '.' && path !== 'DEBIAN/.',
	);
};
