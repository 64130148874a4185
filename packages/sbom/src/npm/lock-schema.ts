import { parseJson, parseWith, record } from '@slipway/core';
import * as v from 'valibot';
import { type SbomCode, toSbomError } from '../code.ts';
import { LIMITS } from '../graph/limits.ts';

const Ranges = v.optional(record(v.string(), v.string()));

const Entry = v.object({
	name: v.optional(v.string()),
	version: v.optional(v.string()),
	resolved: v.optional(v.union([v.string(), v.boolean()])),
	integrity: v.optional(v.string()),
	link: v.optional(v.boolean()),
	inBundle: v.optional(v.boolean()),
	license: v.optional(v.unknown()),
	dependencies: Ranges,
	devDependencies: Ranges,
	optionalDependencies: Ranges,
	peerDependencies: Ranges,
	peerDependenciesMeta: v.optional(record(v.string(), v.object({ optional: v.optional(v.boolean()) }))),
	workspaces: v.optional(v.unknown()),
});
/** One entry of `packages` in package-lock.json (npm, "package-lock.json", lockfileVersion 2 and 3). */
export type LockEntry = v.InferOutput<typeof Entry>;

const Lock = v.object({
	name: v.optional(v.string()),
	version: v.optional(v.string()),
	lockfileVersion: v.optional(v.number()),
	packages: v.optional(record(v.string(), Entry)),
});
export type NpmLock = v.InferOutput<typeof Lock> & { readonly packages: Readonly<Record<string, LockEntry>> };

/**
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_SOURCE_UNSUPPORTED (version 1), JSON_*
 */
export const parseNpmLock = (bytes: Uint8Array | string, source: string): NpmLock => {
	const json = parseJson(bytes, source, { maxBytes: LIMITS.bytes });
	const lock = parseWith(Lock, json, {
		code: 'SBOM_SOURCE_INVALID' satisfies SbomCode,
		what: source,
		hint: 'Write it again with `npm install --package-lock-only`.',
	});
	const { lockfileVersion, packages } = lock;
	if (packages === undefined || (lockfileVersion !== 2 && lockfileVersion !== 3)) {
		throw toSbomError(
			'SBOM_SOURCE_UNSUPPORTED',
			`${source}: expected lockfileVersion 2 or 3 with \`packages\`, got ${lockfileVersion ?? 'none'}`,
		);
	}
	return { ...lock, packages };
};
