import { findVersionProblem } from '@slipway/core';
import { compareDebianVersions, parseDebianVersion } from './debian-version.ts';
import { toDebError } from './error.ts';

/** What the Debian version of a release is made of. */
export interface ReleaseVersion {
	/** The release's version, SemVer without build metadata. */
	readonly version: string;
	readonly epoch?: number | undefined;
	/** Default "1". */
	readonly revision?: string | undefined;
	/** An older release, SemVer, whose code this one carries under its higher version. */
	readonly supersedes?: string | undefined;
}

/** SemVer's first `-` starts the pre-release; Debian's `~` sorts it before the release, where a `-` would sort after. */
const toUpstream = (version: string): string => {
	const problem = findVersionProblem(version);
	if (problem)
		throw toDebError(
			'DEB_VERSION_INVALID',
			problem,
			'A Debian version is made of a release version such as 1.2.0.',
		);
	return version.replace('-', '~');
};

const toSupersedingUpstream = (version: string, supersedes: string): string => {
	const [higher, lower] = [toUpstream(version), toUpstream(supersedes)];
	if (compareDebianVersions(`${lower}-1`, `${higher}-1`) >= 0)
		throw toDebError(
			'DEB_VERSION_INVALID',
			`expected to supersede with the code of a release before ${version}, got ${supersedes}`,
			'Name the older release whose code is released again.',
		);
	return `${higher}+really${lower}`;
};

/**
 * The Debian version of a release: `1.2.0-rc.1` becomes `1.2.0~rc.1-1`, and `1.2.0` with the code of 1.1.0 becomes
 * `1.2.0+really1.1.0-1`. Orders as SemVer does for final versions, numbers, and words none of which begins another.
 * @throws SlipwayError DEB_VERSION_INVALID
 */
export const toDebianVersion = ({
	version,
	epoch = 0,
	revision = '1',
	supersedes,
}: ReleaseVersion): string => {
	const upstream =
		supersedes === undefined ? toUpstream(version) : toSupersedingUpstream(version, supersedes);
	const text = `${epoch > 0 ? `${epoch}:` : ''}${upstream}-${revision}`;
	const parsed = parseDebianVersion(text);
	if (parsed.revision !== revision)
		throw toDebError(
			'DEB_VERSION_INVALID',
			`expected a revision of letters, digits and . + ~, got ${JSON.stringify(revision)}`,
			'Correct `revision` of this package in slipway.yml.',
		);
	return text;
};
