import { SlipwayError } from '@slipway/core';
import { directoryStore } from './directory-store.ts';
import type { Change, Store, StoreCode, StoredFile, WriteOutcome } from './store.ts';

/** An outbox only grows: what others may have changed meanwhile is not known in it. */
const refuse = ({ kind, path }: Change): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		'STORE_READ_ONLY',
		`${path}: expected a change that creates a file, got "${kind}": this job writes into an outbox`,
		{ hint: 'Do this in a job that has the right to write into the store itself.' },
	);

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The first file that the base has with other bytes, as it is at this moment. */
const findConflict = async (
	base: Store,
	changes: readonly Change[],
): Promise<(WriteOutcome & { readonly outcome: 'conflict' }) | undefined> => {
	const files = await Promise.all(changes.map(({ path }) => base.read(path)));
	const taken = changes.find((change, index) => {
		const file = files[index];
		return change.kind === 'create' && file && !isSame(file.bytes, change.bytes);
	});
	return taken && { outcome: 'conflict', path: taken.path };
};

/** All files of both; where both have a file, that of the base. */
const readBoth = async (
	base: Store,
	outbox: Store,
	{ prefix, isWanted }: { readonly prefix: string; readonly isWanted: (path: string) => boolean },
): Promise<ReadonlyMap<string, StoredFile>> => {
	const [there, paths] = await Promise.all([base.readAll?.(prefix, isWanted), outbox.list(prefix)]);
	const own = paths.filter((path) => isWanted(path) && !there?.has(path));
	const files = await Promise.all(own.map(async (path) => [path, await outbox.read(path)] as const));
	const found = files.flatMap(([path, file]) => (file ? [[path, file] as const] : []));
	return new Map([...(there ?? []), ...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/**
 * A Store for a job that may read the real one but not write into it: what it creates goes into a folder, which travels on
 * and is folded in by a job that may (`foldOutbox`). It shows both together. Where both have a file, the real one's
 * counts. Only files can be created; that nobody else creates the same one meanwhile is known when it is folded in.
 */
export const outboxStore = (base: Store, folder: string): Store => {
	const outbox = directoryStore(folder);
	return {
		description: `${base.description}, with an outbox in ${folder}`,
		read: async (path) => (await base.read(path)) ?? outbox.read(path),
		list: async (prefix) => {
			const lists = await Promise.all([base.list(prefix), outbox.list(prefix)]);
			return [...new Set(lists.flat())].sort((a, b) => (a < b ? -1 : 1));
		},
		...(base.readAll && { readAll: (prefix, isWanted) => readBoth(base, outbox, { prefix, isWanted }) }),
		write: async (changes, guard) => {
			const other = changes.find(({ kind }) => kind !== 'create');
			if (other) throw refuse(other);
			return (await findConflict(base, changes)) ?? outbox.write(changes, guard);
		},
	};
};
