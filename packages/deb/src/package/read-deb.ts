import type { ArchiveEntry } from '@slipway/archive';
import { MEDIA_TYPES } from '@slipway/core';
import { toUncompressedDigest } from './compress-member.ts';
import { readControlTar, readDataTar, readDebMembers, type Tar } from './deb-members.ts';
import { toDebPurl } from './deb-name.ts';
import { toDebError } from './error.ts';
import { type Control, parseControl } from './parse-control.ts';
import type { XzPlace } from './xz.ts';

/** What a .deb holds, read in memory and never extracted. */
export interface Deb {
	readonly control: Control;
	/** The files of control.tar by name: control, conffiles, md5sums, maintainer scripts. */
	readonly controlFiles: ReadonlyMap<string, Uint8Array>;
	/** data.tar: what is installed, paths without a leading slash. */
	readonly entries: readonly ArchiveEntry[];
	/** See `toUncompressedDigest`. */
	readonly uncompressedDigest: string;
}

const invalid = (message: string) =>
	toDebError('DEB_INVALID', message, 'Build the package again, with Slipway or dpkg-deb.');

/** @throws SlipwayError DEB_INVALID unless there are only plain files beside each other */
const toControlFiles = ({ entries }: Tar): ReadonlyMap<string, Uint8Array> => {
	const files = entries.filter(({ path }) => path !== '.');
	const odd = files.find(({ path, type }) => type !== 'file' || path.includes('/'));
	if (odd)
		throw invalid(
			`control.tar: expected only files beside each other, got the ${odd.type} ${JSON.stringify(odd.path)}`,
		);
	return new Map(files.map(({ path, bytes }) => [path, bytes]));
};

const toControl = (files: ReadonlyMap<string, Uint8Array>): Control => {
	const control = files.get('control');
	if (control === undefined) throw invalid('control.tar: expected a file "control", found none');
	return parseControl(control);
};

/**
 * Reads only the control file of a .deb.
 * @throws SlipwayError DEB_INVALID, DEB_TOO_LARGE, DEB_CONTROL_INVALID, DEB_STANZA_INVALID, DEB_VERSION_INVALID,
 * DEB_COMPRESSION_UNAVAILABLE
 */
export const readDebControl = async (bytes: Uint8Array, place: XzPlace = {}): Promise<Control> =>
	toControl(toControlFiles(await readControlTar(readDebMembers(bytes).control, place)));

/**
 * Reads a whole .deb: every member, checksum, path and link is checked, nothing is written but the input of xz.
 * @throws SlipwayError as `readDebControl`
 */
export const readDeb = async (bytes: Uint8Array, place: XzPlace = {}): Promise<Deb> => {
	const members = readDebMembers(bytes);
	const controlTar = await readControlTar(members.control, place);
	const controlFiles = toControlFiles(controlTar);
	const control = toControl(controlFiles);
	const data = await readDataTar(members.data, place);
	return {
		control,
		controlFiles,
		entries: data.entries,
		uncompressedDigest: toUncompressedDigest(controlTar.bytes, data.bytes),
	};
};

/**
 * What a file is when it is a Debian package, read from its own bytes; undefined for a file with another name.
 * @throws SlipwayError as `readDeb`
 */
export const debIdentity = async (
	fileName: string,
	bytes: Uint8Array,
	place: XzPlace = {},
): Promise<{ readonly purl: string; readonly mediaType: string } | undefined> => {
	if (!fileName.endsWith('.deb')) return undefined;
	const { name, version, architecture } = (await readDeb(bytes, place)).control;
	return { purl: toDebPurl(name, version, architecture), mediaType: MEDIA_TYPES.deb };
};
