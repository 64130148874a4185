import type { LazyContent, TarEntry } from '@slipway/archive';
import { toPrintable } from '@slipway/core';
import { toDebError } from './error.ts';

/** One thing that a package installs. `path` is below the root, without a leading slash: `usr/bin/greet`. */
export type TreeItem = {
	readonly path: string;
	/** Where it comes from, for messages. */
	readonly origin: string;
} & (
	| { readonly type: 'file'; readonly mode: number; readonly content: Uint8Array | LazyContent }
	| { readonly type: 'directory' }
	| { readonly type: 'symlink'; readonly target: string }
);

const toParents = (path: string): string[] => {
	const segments = path.split('/').slice(0, -1);
	return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
};

const conflict = (path: string, a: string, b: string) =>
	toDebError(
		'DEB_FILE_CONFLICT',
		`/${toPrintable(path, 300)} is installed twice: by ${toPrintable(a, 200)} and by ${toPrintable(b, 200)}`,
		'Change one `target` under `files` or `links` in slipway.yml.',
	);

const toItemEntry = (item: TreeItem): TarEntry => {
	const name = `./${item.path}`;
	if (item.type === 'directory') return { type: 'directory', name: `${name}/`, mode: 0o755 };
	if (item.type === 'symlink') return { type: 'symlink', name, target: item.target };
	return { type: 'file', name, mode: item.mode, content: item.content };
};

/** As `compareTarNames` orders them, each name encoded once. */
const sortByName = (entries: readonly TarEntry[]): readonly TarEntry[] =>
	entries
		.map((entry) => ({ entry, key: Buffer.from(entry.name) }))
		.sort((a, b) => Buffer.compare(a.key, b.key))
		.map(({ entry }) => entry);

/**
 * All members of a package's data.tar in byte-wise order: the root, every parent folder once, and the items.
 * @throws SlipwayError DEB_FILE_CONFLICT where two items are at one place, or one is a folder of another
 */
export const toDataEntries = (items: readonly TreeItem[]): readonly TarEntry[] => {
	const byPath = new Map<string, TreeItem>();
	for (const item of items) {
		const other = byPath.get(item.path);
		if (other && !(other.type === 'directory' && item.type === 'directory'))
			throw conflict(item.path, other.origin, item.origin);
		byPath.set(item.path, item);
	}
	const folders = new Map<string, TreeItem>();
	for (const item of byPath.values()) {
		for (const path of toParents(item.path)) {
			const other = byPath.get(path);
			if (other && other.type !== 'directory')
				throw conflict(path, other.origin, `${item.origin} as a folder`);
			folders.set(path, { type: 'directory', path, origin: item.origin });
		}
	}
	const root: TarEntry = { type: 'directory', name: './', mode: 0o755 };
	const entries = [...new Map([...folders, ...byPath]).values()].map(toItemEntry);
	return sortByName([root, ...entries]);
};

/** KiB as dpkg-gencontrol counts them: each file and link rounded up, one for each folder. */
export const toInstalledSize = (entries: readonly TarEntry[]): number => {
	let total = 0;
	for (const entry of entries) {
		if (entry.type === 'directory') total += 1;
		else if (entry.type === 'file')
			total += Math.ceil(('read' in entry.content ? entry.content.size : entry.content.length) / 1024);
		else total += Math.ceil(Buffer.byteLength(entry.target) / 1024);
	}
	return total;
};
