import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const exists = (path: string): Promise<boolean> =>
	access(path).then(
		() => true,
		() => false,
	);

/** In git's order (gitrevisions(7)). */
const toPlaces = (name: string): readonly string[] =>
	name.startsWith('refs/') ? [name] : [`refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`];

/**
 * The object that a ref of a bare repository names, read from its own file: a process that tells it costs a hundred times as
 * much. undefined: git has to be asked, since there is no such file, or refs are kept elsewhere as well.
 */
export const readLooseRef = async (folder: string, name: string): Promise<string | undefined> => {
	if (await exists(join(folder, 'packed-refs'))) return undefined;
	if (!name.startsWith('refs/') && (await exists(join(folder, name)))) return undefined;
	for (const place of toPlaces(name)) {
		const text = await readFile(join(folder, place), 'latin1').catch(() => undefined);
		if (text !== undefined) return /^[0-9a-f]{40}\n$/.test(text) ? text.trim() : undefined;
	}
	return undefined;
};
