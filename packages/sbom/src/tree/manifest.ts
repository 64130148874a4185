import { parseJson, SlipwayError } from '@slipway/core';
import type { PackageNode } from '../graph/graph.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { toLinks } from '../model/link.ts';
import { parseSupplier } from '../model/supplier.ts';

/** package.json as its author wrote it; every field may be anything. */
export type RawManifest = Readonly<Record<string, unknown>>;

const MAX_BYTES = 4 * 1024 * 1024;

/** The object of a package.json; undefined where it is none: a broken package of somebody else stops nothing. */
export const parseManifest = (bytes: Uint8Array | string, what: string): RawManifest | undefined => {
	try {
		const json = parseJson(bytes, what, { maxBytes: MAX_BYTES });
		return json !== null && typeof json === 'object' && !Array.isArray(json)
			? (json as RawManifest)
			: undefined;
	} catch (error) {
		if (error instanceof SlipwayError) return undefined;
		throw error;
	}
};

const MAX_DESCRIPTION = 1000;

const toDescription = (value: unknown): string | undefined =>
	typeof value === 'string' && value.trim() !== ''
		? value
				.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
				.trim()
				.slice(0, MAX_DESCRIPTION)
		: undefined;

/** What only the manifest says of a package: who made it, under which licence, where its source is. */
export type ManifestFacts = Pick<PackageNode, 'licence' | 'supplier' | 'description' | 'links'>;

/** Facts from a package.json, in the words of the model. */
export const toManifestFacts = (manifest: RawManifest, readLicence: LicenceReader): ManifestFacts => ({
	licence: readLicence(manifest.license ?? manifest.licence) ?? readLicence(manifest.licenses),
	supplier: parseSupplier(manifest),
	description: toDescription(manifest.description),
	links: toLinks({ repository: manifest.repository, homepage: manifest.homepage }),
});

/** A record of ranges, as `dependencies` of a manifest should be; what is none is left out. */
export const toRanges = (value: unknown): Readonly<Record<string, string>> =>
	value !== null && typeof value === 'object' && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value).filter(([, range]) => typeof range === 'string'))
		: {};
