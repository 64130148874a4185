import { createHash } from 'node:crypto';
import type { ArchiveEntry } from '@slipway/archive';
import type { Artifact } from '@slipway/core';
import { parseMaintainer } from '../deb/maintainer.ts';
import { toRelationsPart } from '../deb/relations.ts';
import { type LicenceReader, toLicenceReader } from '../licence/parse-licence.ts';
import { toLinks } from '../model/link.ts';
import type { ContainedFile, HashAlgorithm } from '../model/sbom.ts';
import { toArchivePart } from '../tree/archive-part.ts';
import { toArtifactHashes, toCarrierFile } from './facts.ts';
import type { ArtifactRequest } from './npm.ts';

/** A .deb as whoever read it hands it over. */
export interface DebArtifact {
	readonly artifact: Artifact;
	readonly name: string;
	readonly version: string;
	/** Fields of its control file by name. */
	readonly fields: ReadonlyMap<string, string>;
	/** What it installs, paths without a leading slash. */
	readonly entries: readonly ArchiveEntry[];
}

const ALGORITHMS: readonly (readonly [HashAlgorithm, string])[] = [
	['SHA-1', 'sha1'],
	['SHA-256', 'sha256'],
	['SHA-512', 'sha512'],
];

const toContained = ({ path, bytes, mode }: ArchiveEntry): ContainedFile => ({
	path,
	hashes: ALGORITHMS.map(([algorithm, name]) => ({
		algorithm,
		value: createHash(name).update(bytes).digest('hex'),
	})),
	executable: (mode & 0o111) !== 0,
});

const findLicence = (paragraph: string | undefined): string | undefined =>
	/^License:[ \t]*(\S[^\n]{0,500})$/m.exec(paragraph ?? '')?.[1]?.trim();

/** Debian's words for what SPDX writes otherwise (copyright-format 1.0, "Short name"). */
const toSpdxWords = (text: string): string =>
	text
		.replaceAll(/\bExpat\b/g, 'MIT')
		.replaceAll(/ or /g, ' OR ')
		.replaceAll(/ and /g, ' AND ')
		.replaceAll(/\b([AL]?GPL-\d)(?:\.0)?\+/g, '$1.0-or-later');

/** copyright-format 1.0: the licence of the whole package in the header, else that of the paragraph for all files. */
const readCopyright = ({ entries, name }: DebArtifact, readLicence: LicenceReader) => {
	const file = entries.find(({ path }) => path === `usr/share/doc/${name}/copyright`);
	const text = file && new TextDecoder().decode(file.bytes.subarray(0, 256 * 1024));
	if (!text?.startsWith('Format:')) return undefined;
	const paragraphs = text.split(/\n[ \t]*\n/);
	const found =
		findLicence(paragraphs[0]) ??
		findLicence(paragraphs.find((each) => /^Files:[ \t]*\*[ \t]*$/m.test(each)));
	return found === undefined ? undefined : readLicence(toSpdxWords(found));
};

/**
 * What the SBOM of a .deb is made of: every file that it installs with its digests, the packages that it depends on, and
 * the Node.js packages that lie in it.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_TOO_LARGE
 */
export const toDebRequest = (deb: DebArtifact): ArtifactRequest => {
	const { artifact, name, version, fields, entries } = deb;
	const readLicence = toLicenceReader();
	return {
		root: {
			type: 'application',
			name,
			version,
			purl: artifact.purl,
			description: fields.get('Description')?.split('\n')[0],
			hashes: toArtifactHashes(artifact),
			licence: readCopyright(deb, readLicence),
			supplier: parseMaintainer(fields.get('Maintainer')),
			links: toLinks({ homepage: fields.get('Homepage') }),
			file: toCarrierFile(artifact),
		},
		parts: [toRelationsPart(fields), toArchivePart(entries, readLicence)],
		files: entries.filter(({ type }) => type === 'file').map(toContained),
		digest: artifact.digest.sha256,
	};
};
