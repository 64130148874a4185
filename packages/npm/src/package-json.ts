import { findVersionProblem, parseWith, record, SlipwayError, toMessage } from '@slipway/core';
import * as v from 'valibot';
import type { NpmCode } from './code.ts';
import { findPackageNameProblem } from './package-name.ts';

const StringMap = record(v.string(), v.string());

/** The fields of package.json that decide where and how it is published; all others are kept as they are. */
const PackageJson = v.looseObject({
	name: v.string(),
	version: v.string(),
	private: v.optional(v.unknown()),
	bin: v.optional(v.union([v.string(), StringMap])),
	files: v.optional(v.array(v.string())),
	scripts: v.optional(record(v.string(), v.unknown())),
	dependencies: v.optional(StringMap),
	optionalDependencies: v.optional(StringMap),
	peerDependencies: v.optional(StringMap),
	bundleDependencies: v.optional(v.union([v.boolean(), v.array(v.string())])),
	bundledDependencies: v.optional(v.union([v.boolean(), v.array(v.string())])),
	publishConfig: v.optional(v.looseObject({ tag: v.optional(v.string()), access: v.optional(v.string()) })),
});
export type PackageJson = v.InferOutput<typeof PackageJson>;

const HINT = 'Correct package.json; `npm pkg fix` repairs what npm itself would.';

const parseText = (source: string | Uint8Array, what: string): unknown => {
	const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
	try {
		// As npm reads it: with a byte order mark, duplicate keys and all. Only the fields above are ever looked at.
		return JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch (cause) {
		throw new SlipwayError<NpmCode>('NPM_PACKAGE_JSON_INVALID', `${what} is not JSON: ${toMessage(cause)}`, {
			hint: HINT,
			cause,
		});
	}
};

/**
 * Reads a package.json that is to be published.
 * @param what names the file in messages
 * @throws SlipwayError NPM_PACKAGE_JSON_INVALID, NPM_NAME_INVALID, NPM_VERSION_INVALID
 */
export const parsePackageJson = (source: string | Uint8Array, what: string): PackageJson => {
	const failure = { code: 'NPM_PACKAGE_JSON_INVALID' satisfies NpmCode, what, hint: HINT };
	const packageJson = parseWith(PackageJson, parseText(source, what), failure);
	const name = findPackageNameProblem(packageJson.name);
	if (name) throw new SlipwayError<NpmCode>('NPM_NAME_INVALID', `${what}: name: ${name}`, { hint: HINT });
	const version = findVersionProblem(packageJson.version);
	if (version)
		throw new SlipwayError<NpmCode>('NPM_VERSION_INVALID', `${what}: version: ${version}`, { hint: HINT });
	return packageJson;
};

/** `bin` as npm's clients see it: command names to paths without a leading `./`. */
export const toBin = ({ name, bin }: PackageJson): Readonly<Record<string, string>> | undefined => {
	if (bin === undefined) return undefined;
	const entries = typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : bin;
	return Object.fromEntries(
		Object.entries(entries).map(([command, path]) => [
			command.slice(command.lastIndexOf('/') + 1),
			path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, ''),
		]),
	);
};

/** Names of the dependencies that lie inside the tarball (`true`: all of them). */
export const toBundled = (packageJson: PackageJson): readonly string[] => {
	const bundled = packageJson.bundleDependencies ?? packageJson.bundledDependencies ?? [];
	if (bundled === true) return Object.keys(packageJson.dependencies ?? {});
	return bundled === false ? [] : bundled;
};
