import { findVersionProblem, parseJson, record } from '@slipway/core';
import * as v from 'valibot';
import { readProjectFile, toInvalid } from './read-file.ts';

/** A field of the wrong type is a field that is not there: npm itself reads most of them so. */
const lenient = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined as never);
const text = lenient(v.string());
const texts = lenient(v.array(v.string()));
const fields = lenient(record(v.string(), v.unknown()));

const PackageJson = v.object({
	name: text,
	version: text,
	private: lenient(v.boolean()),
	license: text,
	homepage: text,
	description: text,
	author: lenient(v.unknown()),
	repository: lenient(v.union([v.string(), v.looseObject({ url: v.string() })])),
	workspaces: lenient(
		v.union([
			v.array(v.string()),
			v.pipe(
				v.looseObject({ packages: v.array(v.string()) }),
				v.transform(({ packages }) => packages),
			),
		]),
	),
	scripts: fields,
	dependencies: fields,
	engines: fields,
	packageManager: text,
	bin: lenient(v.union([v.string(), record(v.string(), v.string())])),
	files: texts,
	main: text,
	module: text,
	exports: lenient(v.unknown()),
});
export type PackageJson = v.InferOutput<typeof PackageJson>;

/** npm's rule for names (validate-npm-package-name), without the old ones that it still lets through. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * package.json of a folder, as far as init needs it.
 * @throws SlipwayError INIT_FILE_*
 */
export const readPackageJson = async (
	folder: string,
	name = 'package.json',
): Promise<PackageJson | undefined> => {
	const source = await readProjectFile(folder, name);
	if (source === undefined) return undefined;
	let json: unknown;
	try {
		json = parseJson(source, name);
	} catch (cause) {
		throw toInvalid(name, 'npm cannot read it either', cause);
	}
	const parsed = v.safeParse(PackageJson, json);
	if (!parsed.success || Array.isArray(json)) throw toInvalid(name, 'expected an object');
	const { name: own } = parsed.output;
	if (own !== undefined && (own.length > 214 || !NAME.test(own)))
		throw toInvalid(name, `expected a name that npm takes, got ${JSON.stringify(own.slice(0, 100))}`);
	return parsed.output;
};

/**
 * What is private or has no name is not published, and its version may say anything.
 * @throws SlipwayError INIT_FILE_INVALID for a version that registries do not take
 */
export const verifyVersion = ({ private: hidden, name, version }: PackageJson): void => {
	if (hidden === true || name === undefined || version === undefined) return;
	const problem = findVersionProblem(version);
	if (problem !== undefined) throw toInvalid('package.json', `version: ${problem}`);
};

/** Programs by name, with their files; a package with one program may name the file alone. */
export const toPrograms = ({ name, bin }: PackageJson): Readonly<Record<string, string>> => {
	const all = typeof bin === 'string' ? { [name?.replace(/^@[^/]+\//, '') ?? '']: bin } : (bin ?? {});
	const isUsable = ([program, path]: readonly [string, string]): boolean =>
		/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(program) && toInnerPath(path) !== undefined;
	return Object.fromEntries(
		Object.entries(all)
			.filter(isUsable)
			.map(([program, path]) => [program, toInnerPath(path) ?? '']),
	);
};

/** A plain path inside the package without "./" and a final "/"; undefined for patterns and for what leads out. */
export const toInnerPath = (path: string): string | undefined => {
	const inner = path.replace(/^\.\//, '').replace(/\/$/, '');
	const isPlain = /^[A-Za-z0-9@_.+~-]+(?:\/[A-Za-z0-9@_.+~-]+)*$/.test(inner);
	return isPlain && !inner.split('/').includes('..') && inner !== '.' ? inner : undefined;
};
