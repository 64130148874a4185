import { quote, toSbomError } from '../code.ts';

/** Far above every known project; what costs more is refused whole. */
export const LIMITS = {
	/** Bytes of one document. */
	bytes: 64 * 1024 * 1024,
	packages: 100_000,
	edges: 2_000_000,
	files: 200_000,
} as const;

/** @throws SlipwayError SBOM_TOO_LARGE */
export const checkCount = (count: number, limit: number, what: string): void => {
	if (count > limit) throw toSbomError('SBOM_TOO_LARGE', `expected at most ${limit} ${what}, got ${count}`);
};

/** Characters of a registry's names (npm, validate-npm-package-name, old names with capitals too). */
const NAME = /^(?:@[A-Za-z0-9_.~!'()*-]+\/)?[A-Za-z0-9_.~!'()*-]+$/;

/**
 * A package name that a JavaScript registry can hold: letters that look like others, marks that turn the direction of
 * writing and blanks are no part of one.
 * @throws SlipwayError SBOM_NAME_INVALID
 */
export const checkName = (name: string, source: string): void => {
	const isDots = /(^|\/)\.{1,2}$/.test(name);
	if (NAME.test(name) && name.length <= 214 && !isDots) return;
	throw toSbomError('SBOM_NAME_INVALID', `${source}: expected a package name, got ${quote(name)}`);
};

/**
 * A version as lockfiles hold it: printable ASCII without blanks, at most 256 characters.
 * @throws SlipwayError SBOM_VERSION_INVALID
 */
export const checkVersion = (
	version: string,
	{ name, source }: { readonly name: string; readonly source: string },
): void => {
	if (/^[!-~]{1,256}$/.test(version)) return;
	throw toSbomError(
		'SBOM_VERSION_INVALID',
		`${source}: expected a version of ${name}, got ${quote(version)}`,
	);
};
