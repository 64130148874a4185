import { type Artifact, MEDIA_TYPES, parsePurl, toPrintable, toPurl } from '@slipway/core';
import { ARCHITECTURE } from '../package/architecture.ts';
import { PACKAGE_NAME, toDebPurl } from '../package/deb-name.ts';
import { parseDebianVersion } from '../package/debian-version.ts';
import { toAptError } from '../repository/error.ts';
import type { DebIdentity } from '../repository/paths.ts';

/** Whether an artifact is this adapter's business. */
export const isDeb = ({ purl }: Artifact): boolean => purl.startsWith('pkg:deb/');

/**
 * What the purl of a .deb says; each part can be part of a file name.
 * @throws SlipwayError APT_ARTIFACT_INVALID, DEB_VERSION_INVALID, PURL_INVALID
 */
export const parseDebPurl = (purl: string): DebIdentity => {
	const { type, name, version = '', qualifiers } = parsePurl(purl);
	const architecture = qualifiers?.arch ?? '';
	if (type !== 'deb' || !PACKAGE_NAME.test(name) || !ARCHITECTURE.test(architecture))
		throw toAptError(
			'APT_ARTIFACT_INVALID',
			`expected a purl such as pkg:deb/greet@1.0.0-1?arch=all, got ${toPrintable(purl, 200)}`,
			'Build the release again: the manifest does not describe a Debian package.',
		);
	parseDebianVersion(version);
	return { name, version, architecture };
};

/** The id of the subject that a package is. */
export const toDebSubjectId = (name: string): string => toPurl({ type: 'deb', name });

/** Upstream versions with a tilde are before a release (`1.2.0~rc.1-1`); one in the revision is not (`1.2.0-1~bpo12`). */
export const isPrerelease = (version: string): boolean => parseDebianVersion(version).upstream.includes('~');

/** A .deb that is known by what a repository says of it. */
export const toArtifact = (
	identity: DebIdentity,
	file: { readonly name: string; readonly size: number; readonly sha256: string },
): Artifact => ({
	name: file.name,
	path: `artifacts/${file.name}`,
	mediaType: MEDIA_TYPES.deb,
	size: file.size,
	digest: { sha256: file.sha256 },
	purl: toDebPurl(identity.name, identity.version, identity.architecture),
});
