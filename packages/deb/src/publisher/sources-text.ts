import { toStanza } from '../package/deb822.ts';

export interface SourcesFile {
	/** Where the repository is served. */
	readonly url: string;
	readonly suite: string;
	readonly component: string;
	/** Public keys under one armor (mergeKeys). */
	readonly key: string;
	/** Only these; default: whatever the machine has. */
	readonly architectures?: readonly string[] | undefined;
}

/** An armored key as the lines of a deb822 field: empty lines are written as a dot. */
const toFieldLines = (armored: string): string =>
	armored
		.trim()
		.split(/\r?\n/)
		.map((line) => `\n ${line.trim() === '' ? '.' : line.trimEnd()}`)
		.join('');

/**
 * A `.sources` file (sources.list(5), deb822 style) with the key inside: all that a user's machine needs to trust this
 * repository, and nothing else by that key.
 * @param keyFile absolute path of a key that is installed already, named instead
 */
export const toSourcesText = (
	{ url, suite, component, key, architectures }: SourcesFile,
	keyFile?: string,
): string =>
	toStanza([
		['Types', 'deb'],
		['URIs', url],
		['Suites', suite],
		['Components', component],
		...(architectures ? [['Architectures', architectures.join(' ')] as const] : []),
		['Signed-By', keyFile ?? toFieldLines(key)],
	]);
