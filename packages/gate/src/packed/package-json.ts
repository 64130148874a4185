import { record, SlipwayError, toMessage } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';

const StringMap = record(v.string(), v.string());

const Person = v.union([
	v.string(),
	v.looseObject({ name: v.optional(v.string()), email: v.optional(v.string()), url: v.optional(v.string()) }),
]);
export type Person = v.InferOutput<typeof Person>;

/** package.json as its documentation has it (npm's package.json(5)); what it does not name may be anything. */
export const PackageJson = v.looseObject({
	name: v.string(),
	version: v.string(),
	description: v.optional(v.string()),
	license: v.optional(v.string()),
	private: v.optional(v.boolean()),
	homepage: v.optional(v.string()),
	repository: v.optional(
		v.union([v.string(), v.looseObject({ url: v.string(), directory: v.optional(v.string()) })]),
	),
	author: v.optional(Person),
	contributors: v.optional(v.array(Person)),
	maintainers: v.optional(v.array(Person)),
	main: v.optional(v.string()),
	types: v.optional(v.string()),
	bin: v.optional(v.union([v.string(), StringMap])),
	man: v.optional(v.union([v.string(), v.array(v.string())])),
	files: v.optional(v.array(v.string())),
	gypfile: v.optional(v.boolean()),
	scripts: v.optional(StringMap),
	dependencies: v.optional(StringMap),
	optionalDependencies: v.optional(StringMap),
	peerDependencies: v.optional(StringMap),
	bundleDependencies: v.optional(v.union([v.boolean(), v.array(v.string())])),
	bundledDependencies: v.optional(v.union([v.boolean(), v.array(v.string())])),
	engines: v.optional(StringMap),
	os: v.optional(v.array(v.string())),
	cpu: v.optional(v.array(v.string())),
	publishConfig: v.optional(v.looseObject({ registry: v.optional(v.string()) })),
});
export type PackageJson = v.InferOutput<typeof PackageJson>;

const invalid = (what: string, problem: string, cause?: unknown) =>
	new SlipwayError<GateCode>('GATE_PACKAGE_INVALID', `package.json of ${what} ${problem}`, {
		hint: 'Correct package.json; `npm pkg fix` repairs what npm itself would.',
		cause,
	});

/** As npm's clients read it: a byte order mark and duplicate keys included, the last one wins. */
const parseText = (bytes: Uint8Array, what: string): unknown => {
	try {
		return JSON.parse(new TextDecoder().decode(bytes));
	} catch (cause) {
		throw invalid(what, `is not JSON: ${toMessage(cause)}`, cause);
	}
};

/** What package.json says, and what of it is not of the documented form; fields that are not are left out. */
export interface ReadPackageJson {
	readonly packageJson: PackageJson;
	readonly problems: readonly { readonly field: string; readonly message: string }[];
}

const Loose = v.looseObject({ name: v.string(), version: v.string() });

/** @throws SlipwayError GATE_PACKAGE_INVALID for what is no package.json at all */
export const readPackageJson = (bytes: Uint8Array, what: string): ReadPackageJson => {
	const value = parseText(bytes, what);
	const loose = v.safeParse(Loose, value);
	if (!loose.success) throw invalid(what, 'has no name and version');
	const parsed = v.safeParse(PackageJson, value);
	if (parsed.success) return { packageJson: parsed.output, problems: [] };
	const bad = new Set(parsed.issues.map(({ path }) => String(path?.[0]?.key)));
	const kept = Object.fromEntries(Object.entries(loose.output).filter(([field]) => !bad.has(field)));
	const { name, version } = loose.output;
	return {
		packageJson: v.parse(PackageJson, { ...kept, name, version }),
		problems: parsed.issues.map((issue) => ({
			field: String(issue.path?.[0]?.key),
			message: `${v.getDotPath(issue) ?? 'package.json'}: ${issue.message}`,
		})),
	};
};
