import { parseWith, record } from '@slipway/core';
import * as v from 'valibot';
import { quote, type SbomCode, toSbomError } from '../code.ts';
import { parseLockYaml } from '../yaml/parse-lock-yaml.ts';

const Version = v.union([v.string(), v.number()]);
/** In `packages`: name to version. In importers: name to version, or to both version and what was asked for. */
const Dependencies = v.optional(
	record(v.string(), v.union([Version, v.object({ version: Version, specifier: v.optional(Version) })])),
);

const Snapshot = v.object({
	dependencies: Dependencies,
	optionalDependencies: Dependencies,
	optional: v.optional(v.boolean()),
	dev: v.optional(v.boolean()),
});

const Package = v.object({
	...Snapshot.entries,
	name: v.optional(v.string()),
	version: v.optional(Version),
	id: v.optional(v.string()),
	resolution: v.optional(
		v.object({
			integrity: v.optional(v.string()),
			tarball: v.optional(v.string()),
			directory: v.optional(v.string()),
			type: v.optional(v.string()),
			repo: v.optional(v.string()),
			commit: v.optional(Version),
		}),
	),
});
export type PnpmPackage = v.InferOutput<typeof Package>;

const Importer = v.object({
	dependencies: Dependencies,
	devDependencies: Dependencies,
	optionalDependencies: Dependencies,
});
export type PnpmImporter = v.InferOutput<typeof Importer>;
export type PnpmDependencies = NonNullable<v.InferOutput<typeof Dependencies>>;

const Lock = v.object({
	lockfileVersion: Version,
	importers: v.optional(record(v.string(), v.nullable(Importer))),
	packages: v.optional(v.nullable(record(v.string(), Package))),
	snapshots: v.optional(v.nullable(record(v.string(), v.nullable(Snapshot)))),
	...Importer.entries,
});
export type PnpmLock = v.InferOutput<typeof Lock>;

/**
 * pnpm-lock.yaml of version 6 to 9 (pnpm 8 to 10).
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_SOURCE_UNSUPPORTED, SBOM_TOO_LARGE
 */
export const parsePnpmLock = (bytes: Uint8Array | string, source: string): PnpmLock => {
	const lock = parseWith(Lock, parseLockYaml(bytes, source), {
		code: 'SBOM_SOURCE_INVALID' satisfies SbomCode,
		what: source,
		hint: 'Write it again with `pnpm install --lockfile-only`.',
	});
	const major = Number.parseInt(String(lock.lockfileVersion), 10);
	if (major >= 6 && major <= 9) return lock;
	throw toSbomError(
		'SBOM_SOURCE_UNSUPPORTED',
		`${source}: expected lockfileVersion 6 to 9, got ${quote(String(lock.lockfileVersion))}`,
	);
};
