import { findVersionProblem, parsePurl } from '@slipway/core';
import parseLicence from 'spdx-expression-parse';
import type { PackedNpm } from '../packed/packed.ts';
import { error, type Problem, quote, warning } from './problem.ts';
import { checkRepository } from './repository.ts';

/** npm's documentation of package.json, "name": what a new package may be called. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

const HINT_NAME =
	'A name that can be taken for another one is refused: choose lower-case ASCII letters and digits.';
const HINT_PURL = 'Build again: the manifest and the package inside do not agree.';

const checkIdentity = ({ artifact, packageJson: { name, version } }: PackedNpm): readonly Problem[] => {
	const purl = parsePurl(artifact.purl);
	const expected = purl.namespace === undefined ? purl.name : `${purl.namespace}/${purl.name}`;
	const versionProblem = findVersionProblem(version);
	return [
		...(NAME.test(name) && name.length <= 214
			? []
			: [error('name', `name ${quote(name)} is no npm name`, HINT_NAME)]),
		...(name === expected
			? []
			: [error('name:purl', `expected name ${quote(expected)}, got ${quote(name)}`, HINT_PURL)]),
		...(version === purl.version
			? []
			: [
					error(
						'version:purl',
						`expected version ${quote(purl.version ?? '')}, got ${quote(version)}`,
						HINT_PURL,
					),
				]),
		...(versionProblem === undefined
			? []
			: [error('version', `version: ${versionProblem}`, 'Write a strict semantic version.')]),
	];
};

const isSpdx = (text: string): boolean => {
	try {
		parseLicence(text);
		return true;
	} catch {
		return false;
	}
};

const HINT_LICENCE =
	'Write an SPDX expression into `license`, for example "Apache-2.0" or "MIT OR Apache-2.0".';

const checkLicence = ({ packageJson: { license }, files }: PackedNpm): readonly Problem[] => {
	if (license === undefined)
		return [warning('license', 'expected a licence in package.json, found none', HINT_LICENCE)];
	const file = /^SEE LICEN[CS]E IN (.+)$/.exec(license)?.[1];
	if (file !== undefined)
		return files.some(({ path }) => path === file.replace(/^\.\//, ''))
			? []
			: [error('license', `expected the licence in ${quote(file)}, found no such file`, HINT_LICENCE)];
	if (license === 'UNLICENSED' || (license.length <= 1000 && isSpdx(license))) return [];
	return [error('license', `expected an SPDX expression as licence, got ${quote(license)}`, HINT_LICENCE)];
};

const normalize = (path: string): string => path.replace(/^(?:\.?\/)+/, '');

const hasFile = ({ files }: PackedNpm, path: string): boolean => {
	const plain = normalize(path);
	return files.some((file) => file.type === 'file' && file.path === plain);
};

/** As require() finds it: the file, with an ending, or the index of a folder. */
const hasModule = (packed: PackedNpm, path: string): boolean =>
	['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node'].some((ending) =>
		hasFile(packed, `${path.replace(/\/$/, '')}${ending}`),
	);

/** Every path in `exports` that is no pattern; conditions inside each other. */
const toExported = (value: unknown, depth = 0): readonly string[] => {
	if (typeof value === 'string') return value.startsWith('./') && !value.includes('*') ? [value] : [];
	if (typeof value !== 'object' || value === null || depth > 8) return [];
	return Object.values(value).flatMap((inner) => toExported(inner, depth + 1));
};

const HINT_FILES = 'Build before packing, and see that `files` in package.json lists it.';

const checkEntries = (packed: PackedNpm): readonly Problem[] => {
	const { bin = {}, main, types, exports } = packed.packageJson;
	const bins = typeof bin === 'string' ? [bin] : Object.values(bin);
	const missing = (field: string, path: string) =>
		`${field} names ${quote(path)}, which is not in the package`;
	return [
		...[...new Set(bins)]
			.filter((path) => !hasFile(packed, path))
			.map((path) => error(`bin:${path}`, missing('bin', path), HINT_FILES)),
		...(main === undefined || main === '' || hasModule(packed, main)
			? []
			: [warning('main', missing('main', main), HINT_FILES)]),
		...(types === undefined || hasFile(packed, types) || hasFile(packed, `${types}.d.ts`)
			? []
			: [warning('types', missing('types', types), HINT_FILES)]),
		...[...new Set(toExported(exports))]
			.filter((path) => !hasFile(packed, path))
			.map((path) => warning(`exports:${path}`, missing('exports', path), HINT_FILES)),
	];
};

/** What package.json says, against its documentation, the manifest and the files beside it. */
export const checkNpm = (packed: PackedNpm, source: string | null): readonly Problem[] => [
	...packed.problems.map(({ field, message }) =>
		error(
			`field:${field}`,
			`package.json: ${message}`,
			'Correct package.json; `npm pkg fix` repairs some of it.',
		),
	),
	...checkIdentity(packed),
	...(packed.packageJson.private
		? [error('private', 'package.json says "private": true', 'Remove it, or leave the package out.')]
		: []),
	...checkLicence(packed),
	...checkRepository(packed.packageJson, source),
	...checkEntries(packed),
];
