import type { ArchiveEntry } from '@slipway/archive';

/** One entry of a package, read and never extracted. */
export interface PackedFile {
	/** As installed: of an npm package without its first folder, of a .deb without a leading slash. */
	readonly path: string;
	/** In the archive; control files of a .deb lie below DEBIAN/. */
	readonly place: string;
	readonly type: ArchiveEntry['type'];
	readonly mode: number;
	readonly size: number;
	readonly linkName?: string | undefined;
	readonly bytes: Uint8Array;
}

/** `changePath`: from the path in the archive to the path as installed. */
export const toPackedFile = (
	{ path, type, mode, size, linkName, bytes }: ArchiveEntry,
	changePath: (path: string) => string = (same) => same,
): PackedFile => ({ path: changePath(path), place: path, type, mode, size, linkName, bytes });
