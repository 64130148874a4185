/** One entry of an archive that was read, never extracted. */
export interface ArchiveEntry {
	/** Relative, `/`-separated, without a leading `./` and a final `/`; "." is the root folder itself. */
	readonly path: string;
	readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
	/** Permission bits, at most 0o777 and the sticky bit of folders. */
	readonly mode: number;
	/** Bytes; 0 for all but files. */
	readonly size: number;
	/** Seconds since 1970. */
	readonly mtime: number;
	/** Of symlinks as written; of hardlinks the path of an earlier file. */
	readonly linkName?: string;
	/** A view into the archive's own bytes. */
	readonly bytes: Uint8Array;
	readonly owner: {
		readonly uid: number;
		readonly gid: number;
		readonly user: string;
		readonly group: string;
	};
}
