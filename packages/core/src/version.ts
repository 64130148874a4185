import semver from 'semver';
import * as v from 'valibot';

/** Why `text` cannot name a release, or undefined when it can: strict SemVer 2.0.0, no "v", no build metadata, <= 128 characters. */
export const findVersionProblem = (text: string): string | undefined => {
	if (text.length > 128) return 'expected at most 128 characters';
	const parsed = semver.parse(text);
	if (!parsed)
		return `expected a semantic version such as 1.2.3 or 1.2.3-rc.1, got ${JSON.stringify(text.slice(0, 60))}`;
	if (parsed.build.length > 0)
		return `build metadata (+${parsed.build.join('.')}) is dropped by registries: leave it out`;
	if (parsed.version !== text) return `expected ${parsed.version}, got ${JSON.stringify(text.slice(0, 60))}`;
	return undefined;
};

/** The version of a release: strict SemVer 2.0.0 without build metadata. */
export const Version = v.pipe(
	v.string(({ received }) => `expected a semantic version such as 1.2.3 or 1.2.3-rc.1, got ${received}`),
	v.check(
		(text) => findVersionProblem(text) === undefined,
		(issue) => findVersionProblem(String(issue.input)) ?? 'not a version',
	),
);

/** npm's default dist-tag: final versions alone move it. */
const DEFAULT_TAG = 'latest';

/**
 * The first pre-release identifier where it is a word ("rc" of 1.0.0-rc.1), else "next"; undefined for a final version.
 * Never "latest", which everybody resolves by default.
 */
export const toPrereleaseTag = (version: string): string | undefined => {
	const identifiers = semver.prerelease(version);
	if (!identifiers) return undefined;
	const [first] = identifiers;
	const isTag = typeof first === 'string' && first !== DEFAULT_TAG && findDistTagProblem(first) === undefined;
	return isTag ? first : 'next';
};

/** Why `tag` cannot be a dist-tag, or undefined: it must be a plain word that is no version range (npm-dist-tag(1)). */
export const findDistTagProblem = (tag: string): string | undefined => {
	if (!/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(tag))
		return `expected letters, digits and . _ -, starting with a letter, got ${JSON.stringify(tag.slice(0, 80))}`;
	// X.1 is no range to semver 7.8, but to versions before it, which clients have.
	if (semver.validRange(tag) !== null || /^[vV]?[xX](?:\.|$)/.test(tag))
		return `${JSON.stringify(tag)} reads as a version range`;
	return undefined;
};

/** Orders two release versions by SemVer precedence: negative, zero or positive. */
export const compareVersions = (a: string, b: string): number => semver.compare(a, b);
