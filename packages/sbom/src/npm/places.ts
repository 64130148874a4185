import { quote, toSbomError } from '../code.ts';

const MAX_LENGTH = 2048;
const MAX_FOLDERS = 128;

/** @throws SlipwayError SBOM_SOURCE_INVALID for a place that no tree has */
export const checkPlace = (place: string, source: string): void => {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	const isOdd = place.length > MAX_LENGTH || /[\u0000-\u001f\u007f\\]/.test(place) || place.startsWith('/');
	if (isOdd || place.split('/').length > MAX_FOLDERS)
		throw toSbomError('SBOM_SOURCE_INVALID', `${source}: expected a folder of the tree, got ${quote(place)}`);
};

const toParent = (place: string): string => place.slice(0, Math.max(0, place.lastIndexOf('/')));

/** The folder name of what lies in node_modules, with its scope; undefined for a place outside of it. */
export const toInstalledName = (place: string): string | undefined => {
	const start = place.lastIndexOf('node_modules/');
	const isInside = start === 0 || place[start - 1] === '/';
	return start >= 0 && isInside ? place.slice(start + 'node_modules/'.length) : undefined;
};

/**
 * The place that `name` resolves to from a folder: the nearest node_modules up the tree that has it (Node.js, "Loading
 * from node_modules folders").
 */
export const findPlace = (
	has: (place: string) => boolean,
	from: string,
	name: string,
): string | undefined => {
	for (let folder = from; ; folder = toParent(folder)) {
		const isInside = folder !== 'node_modules' && !folder.endsWith('/node_modules');
		const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
		if (isInside && has(place)) return place;
		if (folder === '') return undefined;
	}
};
