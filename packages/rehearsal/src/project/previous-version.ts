import { compareVersions, findVersionProblem, toPrereleaseTag } from '@slipway/core';

/** A version below the given one that somebody may have released before it: 1.2.3 gives 1.2.2, 1.2.0 gives 1.1.0, 1.0.0 gives 0.9.0. */
export const toLowerVersion = (version: string): string => {
	const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/, 3).map(Number);
	if (patch > 0) return `${major}.${minor}.${patch - 1}`;
	if (minor > 0) return `${major}.${minor - 1}.0`;
	return major > 0 ? `${major - 1}.9.0` : '0.0.0-0';
};

const isFinal = (version: string): boolean =>
	findVersionProblem(version) === undefined && toPrereleaseTag(version) === undefined;

/** The highest final version below the given one, or undefined. */
export const findHighestBelow = (versions: readonly string[], version: string): string | undefined =>
	versions
		.filter((candidate) => isFinal(candidate) && compareVersions(candidate, version) < 0)
		.sort((a, b) => compareVersions(b, a))[0];
