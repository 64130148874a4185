import { parseJson, record, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import { error, type Problem, quote, warning } from '../metadata/problem.ts';
import type { PackedNpm } from '../packed/packed.ts';
import type { PackedFile } from '../packed/packed-file.ts';

const FOLDER = 'node_modules';

/** Name of the package in node_modules that a path lies in: `a`, `@scope/b`; undefined outside. */
const toBundledName = (path: string): string | undefined => {
	const [first, second, third] = path.split('/');
	if (first !== FOLDER || second === undefined) return undefined;
	return second.startsWith('@') && third !== undefined ? `${second}/${third}` : second;
};

const Needs = v.object({
	dependencies: v.optional(record(v.string(), v.unknown()), {}),
	optionalDependencies: v.optional(record(v.string(), v.unknown()), {}),
	peerDependencies: v.optional(record(v.string(), v.unknown()), {}),
});

const readNeeds = (file: PackedFile | undefined): readonly string[] => {
	if (!file) return [];
	try {
		const parsed = v.safeParse(Needs, parseJson(file.bytes, file.path));
		return parsed.success ? Object.values(parsed.output).flatMap((field) => Object.keys(field)) : [];
	} catch (thrown) {
		if (thrown instanceof SlipwayError) return [];
		throw thrown;
	}
};

const toAllowed = ({ packageJson, files }: PackedNpm): ReadonlySet<string> => {
	const { bundleDependencies, bundledDependencies, dependencies = {} } = packageJson;
	const bundled = bundleDependencies ?? bundledDependencies ?? [];
	const names = bundled === true ? Object.keys(dependencies) : bundled || [];
	const byPath = new Map(files.map((file) => [file.path, file]));
	const allowed = new Set(names);
	// A set hands out what is added while it is walked: the closure over what bundled packages need.
	for (const name of allowed)
		for (const need of readNeeds(byPath.get(`${FOLDER}/${name}/package.json`))) allowed.add(need);
	return allowed;
};

const HINT =
	'Leave node_modules out of the package; npm installs dependencies. What has to lie inside is named in `bundleDependencies`.';

/** Packages inside the package (H13): those that it declares are told, others are refused. */
export const checkBundled = (packed: PackedNpm): readonly Problem[] => {
	const allowed = toAllowed(packed);
	const names = new Set(packed.files.flatMap(({ path }) => toBundledName(path) ?? []));
	const strange = [...names].filter((name) => !allowed.has(name));
	const nested = packed.files.find(
		({ path }) => !path.startsWith(`${FOLDER}/`) && path.includes(`/${FOLDER}/`),
	);
	const known = [...names].filter((name) => allowed.has(name)).sort();
	return [
		...strange.map((name) =>
			error(`bundled:${name}`, `${quote(`${FOLDER}/${name}`)} lies inside and nothing declares it`, HINT),
		),
		...(nested ? [error('bundled:nested', `${quote(nested.path)} lies in a nested ${FOLDER}`, HINT)] : []),
		...(known.length === 0
			? []
			: [
					warning(
						'bundled',
						`${known.length} packages lie inside, where no advisory updates them: ${known.slice(0, 10).join(', ')}`,
						HINT,
					),
				]),
	];
};
