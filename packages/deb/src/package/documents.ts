import { toGzip } from '@slipway/archive';
import { toChangelogText } from './changelog.ts';
import { toCopyrightText } from './copyright.ts';
import type { Metadata } from './metadata.ts';
import type { TreeItem } from './tree.ts';

/** What the documents that every package has (Policy 12.5, 12.7) are made of. */
export interface DocumentFacts {
	readonly name: string;
	readonly debianVersion: string;
	readonly metadata: Metadata;
	/** "2026 Ada Lovelace" where slipway.yml says it. */
	readonly copyright: string | undefined;
	/** Seconds since 1970. */
	readonly time: number;
	readonly changes: readonly string[];
}

const toCopyright = ({ name, metadata, copyright, time }: DocumentFacts, projectFolder: string) =>
	toCopyrightText(
		{
			name,
			homepage: metadata.homepage,
			license: metadata.license,
			copyright,
			holder: metadata.author ?? metadata.maintainer.replace(/ <.*$/, ''),
			year: new Date(time * 1000).getUTCFullYear(),
		},
		projectFolder,
	);

const toChangelog = ({ name, debianVersion, metadata, time, changes }: DocumentFacts): Uint8Array =>
	toGzip(
		Buffer.from(
			toChangelogText({ name, version: debianVersion, maintainer: metadata.maintainer, time, changes }),
		),
	);

/**
 * The copyright file and the changelog, each only where the package does not bring its own.
 * @throws SlipwayError DEB_LICENSE_TEXT_MISSING, DEB_METADATA_MISSING
 */
export const toDocuments = async (
	facts: DocumentFacts,
	projectFolder: string,
	isTaken: (path: string) => boolean,
): Promise<TreeItem[]> => {
	const folder = `usr/share/doc/${facts.name}`;
	const toItem = (path: string, content: Uint8Array): TreeItem => ({
		type: 'file',
		path,
		origin: 'the documents made by Slipway',
		mode: 0o644,
		content,
	});
	const items: TreeItem[] = [];
	if (!isTaken(`${folder}/copyright`))
		items.push(toItem(`${folder}/copyright`, Buffer.from(await toCopyright(facts, projectFolder))));
	if (!isTaken(`${folder}/changelog.Debian.gz`))
		items.push(toItem(`${folder}/changelog.Debian.gz`, toChangelog(facts)));
	return items;
};
