import { link, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { ArchiveEntry } from '@slipway/archive';
import { toMessage } from '@slipway/core';
import { toDebError } from './error.ts';
import { readDeb } from './read-deb.ts';
import type { XzPlace } from './xz.ts';

/** An absolute link means the root of the package, which is the folder here. */
const toTarget = ({ path, linkName = '' }: ArchiveEntry): string =>
	linkName.startsWith('/')
		? posix.relative(posix.dirname(`/${path}`), posix.normalize(linkName)) || '.'
		: linkName;

const write = async (entry: ArchiveEntry, folder: string): Promise<void> => {
	const path = join(folder, ...entry.path.split('/'));
	await mkdir(entry.type === 'directory' ? path : join(path, '..'), { recursive: true });
	// `wx`: where two names are one file on this file system, the second is refused.
	if (entry.type === 'file') await writeFile(path, entry.bytes, { flag: 'wx', mode: entry.mode | 0o600 });
	if (entry.type === 'hardlink') await link(join(folder, ...(entry.linkName ?? '').split('/')), path);
	if (entry.type === 'symlink') await symlink(toTarget(entry), path);
};

const refused = (message: string, cause?: unknown) =>
	toDebError('DEB_UNPACK_REFUSED', message, 'Unpack into a new, empty folder.', cause);

/**
 * Puts what a .deb installs below an existing, empty folder, without dpkg and without running anything of it: folders,
 * files, and links last, so that nothing is written through one. Owners and times are left behind.
 * @throws SlipwayError DEB_UNPACK_REFUSED, and as `readDeb`
 */
export const unpackDeb = async (bytes: Uint8Array, folder: string, place: XzPlace = {}): Promise<void> => {
	const { entries } = await readDeb(bytes, place);
	if ((await readdir(folder)).length > 0) throw refused(`expected ${folder} to be empty`);
	const isLink = ({ type }: ArchiveEntry) => type === 'symlink';
	try {
		for (const entry of entries) if (!isLink(entry)) await write(entry, folder);
		for (const entry of entries) if (isLink(entry)) await write(entry, folder);
	} catch (cause) {
		throw refused(`cannot unpack: ${toMessage(cause)}`, cause);
	}
};
