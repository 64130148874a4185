import { parse } from 'smol-toml';
import { readProjectFile, toInvalid } from './read-file.ts';

export type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table of a document, by its keys; empty where there is none. */
export const toTable = (document: unknown, ...keys: readonly string[]): Table => {
	let found: unknown = document;
	for (const key of keys) found = isTable(found) && Object.hasOwn(found, key) ? found[key] : undefined;
	return isTable(found) ? found : {};
};

/** Strings of a list; empty where it is none. */
export const toTexts = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((each) => typeof each === 'string').slice(0, 1000) : [];

/** A TOML file of the project; undefined where there is none. @throws SlipwayError INIT_FILE_* */
export const readToml = async (folder: string, name: string): Promise<Table | undefined> => {
	const text = await readProjectFile(folder, name);
	if (text === undefined) return undefined;
	try {
		return parse(text, { maxDepth: 32 });
	} catch (cause) {
		throw toInvalid(name, 'expected TOML', cause);
	}
};
