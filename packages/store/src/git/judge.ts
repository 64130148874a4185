import { createHash } from 'node:crypto';
import { SlipwayError } from '@slipway/core';
import type { Change, StoreCode } from '../store.ts';
import { type Entry, type Tree, toFolders } from './tree.ts';

/** The name that git gives to bytes: also the version of a file. */
export const toBlobId = (bytes: Uint8Array): string =>
	createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** One path of a commit that is to differ from its parent. `bytes` null: nothing lies there any more. */
export interface Edit {
	readonly path: string;
	readonly mode: string;
	readonly id: string;
	readonly bytes: Uint8Array | null;
}

/** What changes would do to a commit, and what they would leave. */
export type Judgement =
	| { readonly verdict: 'conflict'; readonly path: string }
	| { readonly verdict: 'apply'; readonly edits: readonly Edit[]; readonly tree: Tree };

const inTheWay = (path: string, expected: string, got: string): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		'STORE_WRITE_FAILED',
		`${path}: expected ${expected}, got ${got}, which somebody else put into the branch`,
		{ hint: 'Remove it from the branch, or choose another folder or branch for the store.' },
	);

/** The tree while changes are applied to it, one after the other. */
class Draft {
	readonly #entries: Map<string, Entry>;
	readonly #folders: Map<string, number> = new Map();

	constructor(tree: Tree) {
		this.#entries = new Map(tree);
		for (const path of tree.keys()) this.#count(path, 1);
	}

	get tree(): Tree {
		return this.#entries;
	}

	#count(path: string, by: number): void {
		for (const folder of toFolders(path)) this.#folders.set(folder, (this.#folders.get(folder) ?? 0) + by);
	}

	/** @throws SlipwayError STORE_WRITE_FAILED for what is no file */
	find(path: string): Entry | undefined {
		const entry = this.#entries.get(path);
		if (entry && !entry.isFile) throw inTheWay(path, 'a file', 'a symbolic link or a submodule');
		return entry;
	}

	/** @throws SlipwayError STORE_WRITE_FAILED where a folder lies, or a file in the place of a folder */
	set(path: string, entry: Entry): void {
		if ((this.#folders.get(path) ?? 0) > 0) throw inTheWay(path, 'a file', 'a folder');
		const blocking = toFolders(path).find((folder) => this.#entries.has(folder));
		if (blocking !== undefined) throw inTheWay(blocking, 'a folder', 'a file or a link');
		if (!this.#entries.has(path)) this.#count(path, 1);
		this.#entries.set(path, entry);
	}

	delete(path: string): void {
		if (this.#entries.delete(path)) this.#count(path, -1);
	}
}

const REGULAR_FILE = '100644';

/** Whether a change applies to what lies there now. */
const toVerdict = (
	change: Change,
	current: string | null,
	id: string | null,
): 'apply' | 'done' | 'conflict' => {
	if (change.kind === 'replace' && current !== change.version) return 'conflict';
	if (current === id) return 'done';
	return change.kind === 'create' && current !== null ? 'conflict' : 'apply';
};

/**
 * Applies changes in order to a tree, with their bytes not yet anywhere.
 * @throws SlipwayError STORE_WRITE_FAILED where something else than a file is in the way
 */
export const judge = (tree: Tree, changes: readonly Change[]): Judgement => {
	const draft = new Draft(tree);
	const edits: Edit[] = [];
	for (const change of changes) {
		const { path } = change;
		const current = draft.find(path);
		const bytes = change.kind === 'remove' ? null : change.bytes;
		const id = bytes && toBlobId(bytes);
		const verdict = toVerdict(change, current?.id ?? null, id);
		if (verdict === 'conflict') return { verdict, path };
		if (verdict === 'done') continue;
		const entry = { mode: current?.mode ?? REGULAR_FILE, id: id ?? '', isFile: true };
		if (bytes) draft.set(path, entry);
		else draft.delete(path);
		edits.push({ path, bytes, mode: entry.mode, id: entry.id });
	}
	return { verdict: 'apply', edits, tree: draft.tree };
};
