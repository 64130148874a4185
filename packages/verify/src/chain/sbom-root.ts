import type { Json } from '@slipway/core';
import * as v from 'valibot';

/** What an SBOM says it describes: digests in lower-case hexadecimal, and the package URLs of that component. */
export interface SbomRoot {
	readonly sha256: readonly string[];
	readonly purls: readonly string[];
}

const CycloneDx = v.object({
	metadata: v.object({
		component: v.object({
			purl: v.optional(v.string()),
			hashes: v.optional(v.array(v.object({ alg: v.string(), content: v.string() })), []),
		}),
	}),
});

const SpdxPackage = v.object({
	SPDXID: v.string(),
	checksums: v.optional(v.array(v.object({ algorithm: v.string(), checksumValue: v.string() })), []),
	externalRefs: v.optional(
		v.array(v.object({ referenceType: v.string(), referenceLocator: v.string() })),
		[],
	),
});

const Spdx = v.object({
	documentDescribes: v.optional(v.array(v.string()), []),
	packages: v.array(SpdxPackage),
	relationships: v.optional(
		v.array(
			v.object({ spdxElementId: v.string(), relationshipType: v.string(), relatedSpdxElement: v.string() }),
		),
		[],
	),
});

const DOCUMENT = 'SPDXRef-DOCUMENT';

const readCycloneDx = (json: Json): SbomRoot | undefined => {
	const parsed = v.safeParse(CycloneDx, json);
	if (!parsed.success) return undefined;
	const { purl, hashes } = parsed.output.metadata.component;
	return {
		sha256: hashes.filter(({ alg }) => alg === 'SHA-256').map(({ content }) => content.toLowerCase()),
		purls: purl === undefined ? [] : [purl],
	};
};

/** SPDX 2.3, 11.1: the document DESCRIBES it, in either direction, or lists it in documentDescribes. */
const readSpdx = (json: Json): SbomRoot | undefined => {
	const parsed = v.safeParse(Spdx, json);
	if (!parsed.success) return undefined;
	const { documentDescribes, packages, relationships } = parsed.output;
	const described = new Set([
		...documentDescribes,
		...relationships
			.filter((one) => one.relationshipType === 'DESCRIBES' && one.spdxElementId === DOCUMENT)
			.map(({ relatedSpdxElement }) => relatedSpdxElement),
		...relationships
			.filter((one) => one.relationshipType === 'DESCRIBED_BY' && one.relatedSpdxElement === DOCUMENT)
			.map(({ spdxElementId }) => spdxElementId),
	]);
	const roots = packages.filter(({ SPDXID }) => described.has(SPDXID));
	if (roots.length !== 1) return undefined;
	return {
		sha256: roots.flatMap(({ checksums }) =>
			checksums
				.filter(({ algorithm }) => algorithm === 'SHA256')
				.map(({ checksumValue }) => checksumValue.toLowerCase()),
		),
		purls: roots.flatMap(({ externalRefs }) =>
			externalRefs
				.filter(({ referenceType }) => referenceType === 'purl')
				.map(({ referenceLocator }) => referenceLocator),
		),
	};
};

/** The component that an SBOM describes; undefined where it describes none, or more than one. */
export const readSbomRoot = (kind: 'sbom-cyclonedx' | 'sbom-spdx', json: Json): SbomRoot | undefined =>
	kind === 'sbom-cyclonedx' ? readCycloneDx(json) : readSpdx(json);
