import { type Artifact, parsePurl } from '@slipway/core';
import type { PreviousVersion } from '../gate.ts';
import { readPacked } from '../packed/packed.ts';
import type { PackedFile } from '../packed/packed-file.ts';
import type { Unxz } from '../packed/read-deb.ts';
import { toPairs } from './comparison.ts';

/** A file of a package, compared with the published version; sizes in bytes, null: it is not there in that version. */
export interface FileChange {
	readonly path: string;
	readonly change: 'added' | 'changed' | 'removed' | 'same';
	readonly size: number | null;
	readonly before: number | null;
}

const isSame = (a: PackedFile, b: PackedFile): boolean =>
	a.type === b.type &&
	a.mode === b.mode &&
	a.linkName === b.linkName &&
	Buffer.compare(a.bytes, b.bytes) === 0;

const isListed = ({ type }: PackedFile): boolean => type !== 'directory';

/**
 * The files of a package, read in memory, each with what became of it since the version that users have; those that are
 * gone last. Without a predecessor all are `added`. A path that differs by the version alone is one path.
 * @throws SlipwayError ARCHIVE_*, GATE_PACKAGE_INVALID
 */
export const listFileChanges = async (
	artifact: Artifact,
	bytes: Uint8Array,
	{
		previous,
		unxz,
	}: { readonly previous?: Pick<PreviousVersion, 'version' | 'bytes'> | undefined; readonly unxz?: Unxz },
): Promise<FileChange[]> => {
	const now = await readPacked(artifact, bytes, unxz);
	const before = previous ? await readPacked(artifact, previous.bytes, unxz) : { ...now, files: [] };
	const versions = { now: parsePurl(artifact.purl).version ?? '', before: previous?.version ?? '' };
	const pairs = toPairs({ now, before, versions });
	const kept = new Set(pairs.map((pair) => pair.before));
	return [
		...pairs
			.filter(({ file }) => isListed(file))
			.map(({ file, before: old }) => ({
				path: file.path,
				change: old ? (isSame(file, old) ? ('same' as const) : ('changed' as const)) : ('added' as const),
				size: file.size,
				before: old?.size ?? null,
			})),
		...before.files
			.filter((file) => isListed(file) && !kept.has(file))
			.map(({ path, size }) => ({ path, change: 'removed' as const, size: null, before: size })),
	];
};
