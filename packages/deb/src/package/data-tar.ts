import { createHash } from 'node:crypto';
import { type TarEntry, toTarBytes } from '@slipway/archive';
import { findProgramArchitectures } from './program-architecture.ts';
import { toInstalledSize } from './tree.ts';

/** data.tar and what the control files say about it. */
export interface DataTar {
	readonly bytes: Buffer;
	readonly installedSize: number;
	/** [path, MD5] of each file, in the order of the tar. */
	readonly md5sums: readonly (readonly [path: string, md5: string])[];
	/** Programs and libraries, with the architectures that can run them. */
	readonly programs: readonly (readonly [path: string, architectures: readonly string[]])[];
}

/** Reads each file once: into the tar and through MD5 (which dpkg's own `--verify` uses). */
export const toDataTar = (entries: readonly TarEntry[], mtime: number): DataTar => {
	const md5sums: [string, string][] = [];
	const programs: [string, readonly string[]][] = [];
	const watched = entries.map((entry): TarEntry => {
		if (entry.type !== 'file') return entry;
		const { content, name } = entry;
		const read = (target: Uint8Array) => {
			const bytes = 'read' in content ? content.read(target) : content;
			md5sums.push([name.slice(2), createHash('md5').update(bytes).digest('hex')]);
			const architectures = findProgramArchitectures(bytes);
			if (architectures) programs.push([name.slice(2), architectures]);
			return bytes;
		};
		const size = 'read' in content ? content.size : content.length;
		return { ...entry, content: { size, read } };
	});
	const bytes = toTarBytes(watched, { mtime });
	return { bytes, md5sums, programs, installedSize: toInstalledSize(entries) };
};
