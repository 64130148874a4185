import { trimEndOf } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { type SourcesFile, toSourcesText } from './sources-text.ts';

export interface KeyringRequest extends SourcesFile {
	/** The repository's short name: a part of package and file names. */
	readonly name: string;
	readonly maintainer: string;
	readonly homepage?: string | undefined;
	/** For example "2026 Ada Lovelace". */
	readonly copyright: string;
	readonly license: string;
}

/** A package that can be made by `makeDeb`, and the files that it is made from, by path in the project folder. */
export interface KeyringPackage {
	readonly definition: DebPackage;
	readonly files: ReadonlyMap<string, string>;
}

/**
 * The package `NAME-archive-keyring`: installs the key and the .sources file that names it, so that a new key reaches
 * users by an upgrade. Release it to the repository itself, with old and new key during a rotation.
 */
export const toKeyringPackage = (request: KeyringRequest): KeyringPackage => {
	const { name, maintainer, homepage, copyright, license } = request;
	const key = `/usr/share/keyrings/${name}-archive-keyring.asc`;
	const sources = toSourcesText(request, key);
	const [keySource, listSource] = [`${name}-archive-keyring.asc`, `${name}.sources`];
	return {
		files: new Map([
			[keySource, `${request.key.trim()}\n`],
			[listSource, sources],
		]),
		definition: {
			name: `${name}-archive-keyring`,
			architecture: 'all',
			revision: '1',
			summary: `signing key and apt source of the ${name} repository`,
			description: `Installs the key that signs the ${name} repository at ${request.url},\nand the source that makes apt use it. Upgrades of this package bring new keys.`,
			maintainer,
			...(homepage === undefined ? {} : { homepage }),
			license,
			copyright,
			section: 'misc',
			priority: 'optional',
			depends: [],
			'pre-depends': [],
			recommends: [],
			suggests: [],
			conflicts: [],
			breaks: [],
			replaces: [],
			provides: [],
			files: [
				{ source: keySource, target: key, mode: '0644' },
				{ source: listSource, target: `/etc/apt/sources.list.d/${name}.sources`, mode: '0644' },
			],
			links: {},
			scripts: {},
			compression: 'gzip',
		},
	};
};

/** How users start with the repository: text for a README (Markdown). `packages`: what they may install then. */
export const toInstallInstructions = (
	{ name, url }: { readonly name: string; readonly url: string },
	packages: readonly string[],
): string => {
	const base = trimEndOf(url, '/');
	return [
		'```sh',
		`sudo curl -fsSLo /etc/apt/sources.list.d/${name}.sources ${base}/${name}.sources`,
		'sudo apt-get update',
		`sudo apt-get install ${packages.join(' ')}`,
		'```',
		'',
		`The file names the repository and holds the key that signs it; apt trusts that key for ${base} only.`,
		'',
	].join('\n');
};
