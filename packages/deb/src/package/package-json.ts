import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson, parseWith } from '@slipway/core';
import * as v from 'valibot';
import type { DebCode } from './error.ts';

const Person = v.union([
	v.pipe(
		v.string(),
		v.transform((text) => {
			const match = /^([^<>()]*)(?:<([^<>]*)>)?/.exec(text);
			return { name: match?.[1]?.trim() ?? '', email: match?.[2]?.trim() };
		}),
	),
	v.object({ name: v.string(), email: v.optional(v.string()) }),
]);

/** What package.json says that a Debian package also says (docs: npm, package.json). */
const PackageJson = v.object({
	description: v.optional(v.string()),
	homepage: v.optional(v.string()),
	license: v.optional(v.string()),
	author: v.optional(Person),
});
export type PackageJson = v.InferOutput<typeof PackageJson>;

/**
 * The fields of the project's package.json that Debian packages share; empty where there is no such file.
 * @throws SlipwayError DEB_METADATA_MISSING where a field has another type, JSON_*
 */
export const readPackageJson = async (projectFolder: string): Promise<PackageJson> => {
	let source: Uint8Array;
	try {
		source = await readFile(join(projectFolder, 'package.json'));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
		throw cause;
	}
	return parseWith(PackageJson, parseJson(source, 'package.json'), {
		code: 'DEB_METADATA_MISSING' satisfies DebCode,
		what: 'package.json',
		hint: 'Correct these fields of package.json, or remove them and write them in slipway.yml.',
	});
};
