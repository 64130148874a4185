import * as v from 'valibot';

const Text = v.optional(v.string());

const Package = v.object({
	SPDXID: v.string(),
	name: v.string(),
	versionInfo: Text,
	packageFileName: Text,
	supplier: Text,
	originator: Text,
	downloadLocation: Text,
	homepage: Text,
	description: Text,
	licenseDeclared: Text,
	licenseConcluded: Text,
	primaryPackagePurpose: Text,
	checksums: v.optional(v.array(v.object({ algorithm: v.string(), checksumValue: v.string() }))),
	externalRefs: v.optional(v.array(v.object({ referenceType: v.string(), referenceLocator: v.string() }))),
});
/** One package of SPDX 2.2 or 2.3, as far as it is kept. */
export type SpdxPackageInput = v.InferOutput<typeof Package>;

const Relationship = v.object({
	spdxElementId: v.string(),
	relationshipType: v.string(),
	relatedSpdxElement: v.string(),
});
export type SpdxRelationshipInput = v.InferOutput<typeof Relationship>;

export const SpdxInput = v.object({
	spdxVersion: v.picklist(['SPDX-2.2', 'SPDX-2.3']),
	creationInfo: v.optional(v.object({ created: Text, creators: v.optional(v.array(v.string())) })),
	documentDescribes: v.optional(v.array(v.string()), []),
	packages: v.optional(v.array(Package), []),
	files: v.optional(v.array(v.object({ SPDXID: v.string() })), []),
	snippets: v.optional(v.array(v.object({ SPDXID: v.string() })), []),
	hasExtractedLicensingInfos: v.optional(
		v.array(v.object({ licenseId: v.string(), name: Text, extractedText: Text })),
		[],
	),
	relationships: v.optional(v.array(Relationship), []),
});
export type SpdxInput = v.InferOutput<typeof SpdxInput>;
