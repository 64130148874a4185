import type { Metadata } from './facts.ts';
import { readProjectFile } from './read-file.ts';
import { toAddress, toLine, toMaintainer, toProjectName, toVersion } from './words.ts';

/** The value of a field, its first line only (deb822(5)). */
const toField = (text: string, name: string): string | undefined =>
	new RegExp(`^${name}:[ \\t]*([^\\n]{0,500})`, 'mi').exec(text)?.[1];

/** What debian/control and debian/changelog say; undefined without them. */
export const readDebian = async (folder: string): Promise<Metadata | undefined> => {
	const control = await readProjectFile(folder, 'debian/control');
	if (control === undefined) return undefined;
	const changelog = (await readProjectFile(folder, 'debian/changelog')) ?? '';
	const version = /^[a-z0-9][a-z0-9+.-]{0,100} \((?:\d{1,9}:)?([^()\s]{1,100})\)/.exec(changelog)?.[1];
	return {
		name: toProjectName(toField(control, 'Package') ?? toField(control, 'Source')),
		version: toVersion(version?.replace(/-[^-]*$/, '')),
		homepage: toAddress(toField(control, 'Homepage')),
		description: toLine(toField(control, 'Description')),
		maintainer: toMaintainer(toField(control, 'Maintainer')),
	};
};
