import {
	copyFile,
	link,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rename,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One change to a Release folder. */
export interface Mutation {
	/** What is done to what: `edit /version of manifest.json`. */
	readonly name: string;
	readonly path: string;
	/** What a refusal may name instead: the new name, or the other half of a pair. */
	readonly or?: string;
	apply(folder: string): Promise<void>;
}

export const listFiles = async (folder: string): Promise<string[]> => {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
		.sort();
};

/** Runs a task on a copy of a folder whose files are shared until they are replaced. */
export const withCopy = async <T>(folder: string, task: (copy: string) => Promise<T>): Promise<T> => {
	const copy = await mkdtemp(`${folder}-copy-`);
	try {
		for (const path of await listFiles(folder)) {
			await mkdir(dirname(join(copy, path)), { recursive: true });
			await link(join(folder, path), join(copy, path));
		}
		return await task(copy);
	} finally {
		await rm(copy, { recursive: true });
	}
};

/** Never through the shared bytes. */
const put = async (path: string, bytes: Uint8Array | string): Promise<void> => {
	await rm(path, { force: true });
	await writeFile(path, bytes);
};

const edit = (name: string, path: string, change: (bytes: Buffer) => Buffer | string): Mutation => ({
	name: `${name} ${path}`,
	path,
	apply: async (folder) => put(join(folder, path), change(await readFile(join(folder, path)))),
});

const flip = (bytes: Buffer, share: number): Buffer => {
	const copy = Buffer.from(bytes);
	const at = Math.min(copy.length - 1, Math.floor(copy.length * share));
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
};

const toRename = (path: string): Mutation => {
	const other = path.replace(/(\.[a-z]+)?$/, '-2$1');
	return {
		name: `rename ${path}`,
		path,
		or: other,
		apply: (folder) => rename(join(folder, path), join(folder, other)),
	};
};

/** Whatever its content: gone, empty, cut, longer, another bit, a link, another name. */
export const toPlainMutations = (path: string): Mutation[] => [
	{ name: `delete ${path}`, path, apply: (folder) => rm(join(folder, path)) },
	edit('empty', path, () => ''),
	edit('cut', path, (bytes) => bytes.subarray(0, bytes.length - 1)),
	edit('lengthen', path, (bytes) => Buffer.concat([bytes, Buffer.from('\n')])),
	...[0, 0.7].map((share) => edit(`flip at ${share}`, path, (bytes) => flip(bytes, share))),
	{
		name: `link instead of ${path}`,
		path,
		apply: async (folder) => {
			await rename(join(folder, path), `${folder}-moved`);
			await symlink(`${folder}-moved`, join(folder, path));
		},
	},
	toRename(path),
];

type Steps = readonly (string | number)[];

/** Every place in a JSON value, with the container that holds it. */
const listPlaces = (value: unknown, steps: Steps = []): Steps[] => {
	if (typeof value !== 'object' || value === null) return [steps];
	return [
		...(steps.length > 0 ? [steps] : []),
		...Object.keys(value).flatMap((key) =>
			listPlaces((value as Record<string, unknown>)[key], [...steps, key]),
		),
	];
};

const toOther = (value: unknown): unknown => {
	if (typeof value === 'number') return value + 1;
	if (typeof value === 'boolean') return !value;
	if (typeof value === 'string')
		return /^[0-9a-f]+$/.test(value)
			? value.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
			: `${value}x`;
	return value === null ? 'x' : {};
};

const changeAt = (
	json: unknown,
	steps: Steps,
	change: (holder: Record<string, unknown>, key: string) => unknown,
): unknown => {
	const copy = structuredClone(json);
	let holder = copy as Record<string, unknown>;
	for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
	change(holder, String(steps.at(-1)));
	return copy;
};

/** At most so many, evenly spread over all. */
const spread = <Item>(items: readonly Item[], max: number): Item[] => {
	const step = Math.max(1, items.length / max);
	return Array.from(
		{ length: Math.min(max, items.length) },
		(_, index) => items[Math.floor(index * step)] as Item,
	);
};

/** Fields of a JSON file: another value, or none; and the same content laid out otherwise. */
export const toJsonMutations = (path: string, bytes: Buffer, max: number): Mutation[] => {
	const json: unknown = JSON.parse(bytes.toString());
	const toText = (value: unknown) => `${JSON.stringify(value)}\n`;
	return [
		edit('lay out anew', path, () => JSON.stringify(json, null, 3)),
		...spread(listPlaces(json), max).flatMap((steps) => [
			edit(`change /${steps.join('/')} of`, path, () =>
				toText(
					changeAt(json, steps, (holder, key) => Object.assign(holder, { [key]: toOther(holder[key]) })),
				),
			),
			edit(`drop /${steps.join('/')} of`, path, () =>
				toText(changeAt(json, steps, (holder, key) => Reflect.deleteProperty(holder, key))),
			),
		]),
	];
};

/** The file of the same place from another Release. */
export const toSwap = (what: string, path: string, other: string, from = path): Mutation => ({
	name: `${what} ${path}${from === path ? '' : ` by ${from}`}`,
	path,
	apply: async (folder) => {
		await rm(join(folder, path), { force: true });
		await copyFile(join(other, from), join(folder, path));
	},
});

/** Several files as one link: a record with its signature. */
export const toJoint = (name: string, parts: readonly [Mutation, Mutation]): Mutation => ({
	name,
	path: parts[0].path,
	or: parts[1].path,
	apply: async (folder) => {
		for (const part of parts) await part.apply(folder);
	},
});

/** A file that belongs nowhere, or twice. */
export const toAddition = (path: string, content: string | { readonly copyOf: string }): Mutation => ({
	name: typeof content === 'string' ? `add ${path}` : `add ${path} as a copy of ${content.copyOf}`,
	path,
	apply: async (folder) => {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		if (typeof content === 'string') await writeFile(join(folder, path), content);
		else await copyFile(join(folder, content.copyOf), join(folder, path));
	},
});
