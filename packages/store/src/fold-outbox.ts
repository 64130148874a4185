import { findPathProblem } from '@slipway/core';
import { directoryStore } from './directory-store.ts';
import type { Change, Store, WriteGuard } from './store.ts';

/** What became of the files of an outbox, by their paths. */
export interface Folded {
	/** In the store now: created, or there already with the same bytes. */
	readonly written: readonly string[];
	/** The store has other bytes there, which stay. */
	readonly conflicts: readonly string[];
	/** Not taken: outside of what may be folded, or too large. */
	readonly refused: readonly string[];
}

export interface FoldOptions {
	/** Which paths may be folded in: an outbox comes from a job that had no right to write. Default: all. */
	readonly accept?: (path: string) => boolean;
	/** Bytes of the largest file. Default 1 MiB. */
	readonly maxBytes?: number;
	readonly guard?: WriteGuard;
}

const MAX_BYTES = 1024 * 1024;

type Create = Extract<Change, { kind: 'create' }>;

const toCreates = async (
	folder: string,
	{ accept = () => true, maxBytes = MAX_BYTES }: FoldOptions,
): Promise<{ readonly creates: Create[]; readonly refused: string[] }> => {
	const outbox = directoryStore(folder);
	const creates: Create[] = [];
	const refused: string[] = [];
	for (const path of await outbox.list('')) {
		const file = findPathProblem(path) === undefined && accept(path) ? await outbox.read(path) : null;
		if (file && file.bytes.length <= maxBytes) creates.push({ kind: 'create', path, bytes: file.bytes });
		else refused.push(path);
	}
	return { creates, refused };
};

/**
 * Creates in a store what it lacks of an outbox's files, all in one write where nothing conflicts. Doing it again, or
 * after a crash, is harmless: what is there with the same bytes is fine, other bytes are reported and never overwritten.
 * A folder that does not exist is an empty outbox.
 * @throws SlipwayError STORE_*
 */
export const foldOutbox = async (
	folder: string,
	store: Store,
	options: FoldOptions = {},
): Promise<Folded> => {
	const { creates, refused } = await toCreates(folder, options);
	const conflicts: string[] = [];
	for (
		let open: readonly Create[] = creates;
		;
		open = creates.filter(({ path }) => !conflicts.includes(path))
	) {
		const outcome = await store.write(open, options.guard);
		if (outcome.outcome === 'written') return { written: open.map(({ path }) => path), conflicts, refused };
		conflicts.push(outcome.path);
	}
};
