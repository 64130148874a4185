/** What lies at a path of a commit. `file` false: a symbolic link or a submodule, which no Store touches. */
export interface Entry {
	readonly mode: string;
	readonly id: string;
	readonly isFile: boolean;
}

/** Everything in a commit by its path, which is valid UTF-8; folders are not listed. */
export type Tree = ReadonlyMap<string, Entry>;

export const EMPTY_TREE: Tree = new Map();

const toPath = (bytes: Uint8Array): string | undefined => {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined; // no path of a Store; it stays in the branch as it is
	}
};

/** One line of ls-tree: mode, type, id, a tab, the path. */
const parseEntry = (line: Buffer): readonly (readonly [string, Entry])[] => {
	const tab = line.indexOf(9);
	const [mode = '', type = '', id = ''] = line.toString('latin1', 0, tab).split(' ');
	const path = toPath(line.subarray(tab + 1));
	return path === undefined ? [] : [[path, { mode, id, isFile: type === 'blob' && mode !== '120000' }]];
};

/** Reads what `git ls-tree -r -z --full-tree` prints. */
export const parseTree = (output: Buffer): Tree => {
	const tree = new Map<string, Entry>();
	for (let start = 0; start < output.length; ) {
		const end = output.indexOf(0, start);
		if (end < 0) break; // cut off: git ends each line with a NUL
		for (const [path, entry] of parseEntry(output.subarray(start, end))) tree.set(path, entry);
		start = end + 1;
	}
	return tree;
};

/** Paths of the files below a folder ('' for all), sorted by code units. */
export const listFiles = (tree: Tree, folder: string): readonly string[] => {
	const prefix = folder === '' ? '' : `${folder}/`;
	const files = [...tree].filter(([path, { isFile }]) => isFile && path.startsWith(prefix));
	return files.map(([path]) => path).sort((a, b) => (a < b ? -1 : 1));
};

/** Every folder on the way to a path, the nearest last. */
export const toFolders = (path: string): readonly string[] => {
	const segments = path.split('/');
	return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
};
