import { parseWith, record } from '@slipway/core';
import * as v from 'valibot';
import type { SbomCode } from '../code.ts';
import { checkCount, LIMITS } from '../graph/limits.ts';
import { parseLockYaml } from '../yaml/parse-lock-yaml.ts';

const Text = v.union([v.string(), v.number()]);
const Ranges = v.optional(record(v.string(), Text));

const Entry = v.object({
	version: v.optional(Text),
	resolution: v.optional(v.string()),
	dependencies: Ranges,
	dependenciesMeta: v.optional(record(v.string(), v.object({ optional: v.optional(v.boolean()) }))),
});

/** One entry of yarn.lock of Yarn 2 and later. */
export interface BerryEntry extends v.InferOutput<typeof Entry> {
	readonly descriptors: readonly string[];
}

const Lock = record(v.string(), v.unknown());

/**
 * yarn.lock of Yarn 2 and later. Its `checksum` is that of Yarn's own cache file, not of the package's tarball, and is
 * not read: it would be a wrong digest.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_TOO_LARGE
 */
export const parseYarnBerry = (text: string, source: string): readonly BerryEntry[] => {
	const failure = {
		code: 'SBOM_SOURCE_INVALID' satisfies SbomCode,
		what: source,
		hint: 'Write it again with `yarn install --mode=update-lockfile`.',
	};
	const lock = parseWith(Lock, parseLockYaml(text, source), failure);
	const entries = Object.entries(lock).filter(([key]) => key !== '__metadata');
	checkCount(entries.length, LIMITS.packages, 'packages');
	return entries.map(([key, value]) => ({
		...parseWith(Entry, value, failure),
		descriptors: key.split(/, ?/),
	}));
};
