import { type TarEntry, toTarBytes } from '@slipway/archive';
import type { Md5Sums } from './md5-sums.ts';
import { findProgramArchitectures } from './program-architecture.ts';
import { toInstalledSize } from './tree.ts';

/** data.tar and what the control files say about it. */
export interface DataTar {
	readonly bytes: Buffer;
	readonly installedSize: number;
	/** [path, MD5] of each file, in the order of the tar; still being made when the tar is there. */
	readonly md5sums: Promise<readonly (readonly [path: string, md5: string])[]>;
	/** Programs and libraries, with the architectures that can run them. */
	readonly programs: readonly (readonly [path: string, architectures: readonly string[]])[];
}

const BATCH_BYTES = 4 * 1024 * 1024;

/** Hands files over to be summed when there is enough of them, so that it goes on while the next ones are read. */
const startBatches = (sums: Md5Sums) => {
	const results: Promise<readonly string[]>[] = [];
	let batch: Uint8Array[] = [];
	let size = 0;
	const send = (): void => {
		results.push(sums(batch));
		[batch, size] = [[], 0];
	};
	return {
		add: (bytes: Uint8Array): void => {
			batch.push(bytes);
			size += bytes.length;
			if (size >= BATCH_BYTES) send();
		},
		end: async (): Promise<readonly string[]> => {
			send();
			return (await Promise.all(results)).flat();
		},
	};
};

/** Reads each file once: into the tar, and from there to `sums`. */
export const toDataTar = (
	entries: readonly TarEntry[],
	{ mtime, sums }: { readonly mtime: number; readonly sums: Md5Sums },
): DataTar => {
	const paths: string[] = [];
	const programs: [string, readonly string[]][] = [];
	const batches = startBatches(sums);
	const watched = entries.map((entry): TarEntry => {
		if (entry.type !== 'file') return entry;
		const { content, name } = entry;
		const read = (target: Uint8Array) => {
			const bytes = 'read' in content ? content.read(target) : content;
			paths.push(name.slice(2));
			batches.add(bytes);
			const architectures = findProgramArchitectures(bytes);
			if (architectures) programs.push([name.slice(2), architectures]);
			return bytes;
		};
		const size = 'read' in content ? content.size : content.length;
		return { ...entry, content: { size, read } };
	});
	const bytes = toTarBytes(watched, { mtime });
	const md5sums = batches
		.end()
		.then((md5s) => paths.map((path, index) => [path, md5s[index] ?? ''] as const));
	return { bytes, programs, md5sums, installedSize: toInstalledSize(entries) };
};
