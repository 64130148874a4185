import { type ArchiveEntry, findFormat, readCompressedTar } from '@slipway/archive';
import { MEDIA_TYPES, SlipwayError, toPurl } from '@slipway/core';
import type { NpmCode } from './code.ts';
import { parsePackageJson } from './package-json.ts';
import type { PackageFacts } from './registry/publish-document.ts';

/** npm's own limit is lower; what is larger is no package. */
const MAX_TOTAL_BYTES = 1024 ** 3;

const readEntries = async (bytes: Uint8Array): Promise<readonly ArchiveEntry[]> => {
	const limits = { maxTotalBytes: MAX_TOTAL_BYTES, maxEntryBytes: MAX_TOTAL_BYTES };
	return (await readCompressedTar('gzip', bytes, limits)).entries;
};

const findFile = (entries: readonly ArchiveEntry[], path: string): ArchiveEntry | undefined =>
	entries.find((entry) => entry.type === 'file' && entry.path === `package/${path}`);

const findReadme = (entries: readonly ArchiveEntry[]): PackageFacts['readme'] => {
	const readme = entries.find(
		({ type, path }) => type === 'file' && /^package\/readme(\.(md|markdown|txt))?$/i.test(path),
	);
	return (
		readme && { fileName: readme.path.slice('package/'.length), text: new TextDecoder().decode(readme.bytes) }
	);
};

/**
 * What a registry keeps of a package, read from its tarball without extracting it.
 * @throws SlipwayError ARCHIVE_*, NPM_PACKAGE_JSON_INVALID, NPM_NAME_INVALID, NPM_VERSION_INVALID
 */
export const readPackage = async (bytes: Uint8Array, fileName: string): Promise<PackageFacts> => {
	const entries = await readEntries(bytes);
	const packageJson = findFile(entries, 'package.json');
	if (!packageJson)
		throw new SlipwayError<NpmCode>(
			'NPM_PACKAGE_JSON_INVALID',
			`expected package/package.json in ${fileName}, found none`,
			{ hint: 'Pack it with `npm pack` or let Slipway pack it.' },
		);
	return {
		packageJson: parsePackageJson(packageJson.bytes, `package.json in ${fileName}`),
		readme: findReadme(entries),
		hasGypFile: findFile(entries, 'binding.gyp') !== undefined,
		hasShrinkwrap: findFile(entries, 'npm-shrinkwrap.json') !== undefined,
	};
};

/** The purl of a package without or with a version: `pkg:npm/%40acme/greet@1.0.0`. */
export const toNpmPurl = (name: string, version?: string): string => {
	const [scope, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
	return toPurl({ type: 'npm', namespace: scope, name: base ?? name, version });
};

/**
 * What an npm package says of itself, or undefined for files that are none.
 * @throws SlipwayError ARCHIVE_*, NPM_PACKAGE_JSON_INVALID, NPM_NAME_INVALID, NPM_VERSION_INVALID for a broken package
 */
export const npmIdentity = async (
	fileName: string,
	bytes: Uint8Array,
): Promise<{ readonly purl: string; readonly mediaType: string } | undefined> => {
	if (!fileName.endsWith('.tgz') || findFormat(bytes) !== 'gzip') return undefined;
	const packageJson = findFile(await readEntries(bytes), 'package.json');
	if (!packageJson) return undefined;
	const { name, version } = parsePackageJson(packageJson.bytes, `package.json in ${fileName}`);
	return { purl: toNpmPurl(name, version), mediaType: MEDIA_TYPES.npm };
};
