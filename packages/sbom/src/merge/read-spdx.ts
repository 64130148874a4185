import { quote, toSbomError } from '../code.ts';
import type { LicenceReader } from '../licence/parse-licence.ts';
import { toPublicUrl } from '../model/link.ts';
import { ROOT } from '../model/part.ts';
import type { Component, Dependency, DependencyKind, Licence, Supplier } from '../model/sbom.ts';
import { attachToRoot } from './attach.ts';
import {
	checkForeignText,
	cleanText,
	toForeignEpoch,
	toForeignHash,
	toForeignPurl,
	toForeignType,
} from './foreign.ts';
import type { ReadySbom } from './ready-sbom.ts';
import type { SpdxInput, SpdxPackageInput, SpdxRelationshipInput } from './spdx-schema.ts';

interface Reading {
	readonly file: string;
	readonly readLicence: LicenceReader;
}

const DOCUMENT = 'SPDXRef-DOCUMENT';

/** SPDX 2.3, 3: what says nothing. */
const toStated = (text: string | undefined): string | undefined =>
	text === undefined || text === '' || text === 'NOASSERTION' || text === 'NONE' ? undefined : text;

/** `Person: Name (address)` (SPDX 2.3, 7.5). */
const toSupplier = (text: string | undefined): Supplier | undefined => {
	const [, kind = '', rest = ''] = /^(Person|Organization): (.{1,500})$/.exec(toStated(text) ?? '') ?? [];
	const open = rest.lastIndexOf('(');
	const isAddressed = open > 0 && rest.endsWith(')');
	const name = cleanText(isAddressed ? rest.slice(0, open) : rest);
	if (name === undefined) return undefined;
	const email = isAddressed ? cleanText(rest.slice(open + 1, -1)) : undefined;
	return {
		kind: kind === 'Person' ? 'person' : 'organization',
		name,
		email: email?.includes('@') ? email : undefined,
	};
};

const toLicence = (
	found: SpdxPackageInput,
	extracted: ReadonlyMap<string, Licence>,
	readLicence: LicenceReader,
) => {
	const text = toStated(found.licenseDeclared) ?? toStated(found.licenseConcluded);
	return text === undefined ? undefined : (extracted.get(text) ?? readLicence(text));
};

const toComponent = (
	found: SpdxPackageInput,
	extracted: ReadonlyMap<string, Licence>,
	{ file, readLicence }: Reading,
): Component => {
	const version = toStated(found.versionInfo);
	const download = toPublicUrl(toStated(found.downloadLocation));
	const website = toPublicUrl(toStated(found.homepage));
	const fileName = cleanText(found.packageFileName);
	return {
		ref: found.SPDXID,
		type: toForeignType(found.primaryPackagePurpose),
		name: checkForeignText(found.name, file),
		version: version === undefined ? undefined : checkForeignText(version, file),
		purl: toForeignPurl(
			found.externalRefs?.find(({ referenceType }) => referenceType === 'purl')?.referenceLocator,
		),
		description: cleanText(found.description),
		scope: 'required',
		hashes: (found.checksums ?? []).flatMap(
			({ algorithm, checksumValue }) => toForeignHash(algorithm, checksumValue) ?? [],
		),
		licence: toLicence(found, extracted, readLicence),
		supplier: toSupplier(found.supplier) ?? toSupplier(found.originator),
		links: [
			...(download === undefined ? [] : [{ type: 'distribution' as const, url: download }]),
			...(website === undefined ? [] : [{ type: 'website' as const, url: website }]),
		],
		...(fileName !== undefined && {
			file: { name: fileName, executable: false, archive: false, structured: false },
		}),
	};
};

/** SPDX 2.3, 11.1: relationships that say "needs" or "holds", and which way they point. */
const KINDS: ReadonlyMap<string, readonly [DependencyKind, 'forward' | 'backward']> = new Map([
	['DEPENDS_ON', ['runtime', 'forward']],
	['CONTAINS', ['runtime', 'forward']],
	['DYNAMIC_LINK', ['runtime', 'forward']],
	['STATIC_LINK', ['runtime', 'forward']],
	['HAS_PREREQUISITE', ['runtime', 'forward']],
	['DEPENDENCY_OF', ['runtime', 'backward']],
	['RUNTIME_DEPENDENCY_OF', ['runtime', 'backward']],
	['PREREQUISITE_FOR', ['runtime', 'backward']],
	['CONTAINED_BY', ['runtime', 'backward']],
	['OPTIONAL_DEPENDENCY_OF', ['optional', 'backward']],
	['OPTIONAL_COMPONENT_OF', ['optional', 'backward']],
	['PROVIDED_DEPENDENCY_OF', ['optional', 'backward']],
	['DEV_DEPENDENCY_OF', ['development', 'backward']],
	['BUILD_DEPENDENCY_OF', ['development', 'backward']],
	['BUILD_TOOL_OF', ['development', 'backward']],
	['TEST_DEPENDENCY_OF', ['development', 'backward']],
]);

const toDependency = ({
	spdxElementId,
	relationshipType,
	relatedSpdxElement,
}: SpdxRelationshipInput): Dependency | undefined => {
	const [kind, direction] = KINDS.get(relationshipType) ?? [];
	if (kind === undefined) return undefined;
	return direction === 'forward'
		? { from: spdxElementId, to: relatedSpdxElement, kind }
		: { from: relatedSpdxElement, to: spdxElementId, kind };
};

const findRoots = ({ documentDescribes, relationships }: SpdxInput): ReadonlySet<string> =>
	new Set([
		...documentDescribes,
		...relationships.flatMap((each) => {
			if (each.relationshipType === 'DESCRIBES' && each.spdxElementId === DOCUMENT)
				return [each.relatedSpdxElement];
			return each.relationshipType === 'DESCRIBED_BY' && each.relatedSpdxElement === DOCUMENT
				? [each.spdxElementId]
				: [];
		}),
	]);

/** Ids that a relationship may name: other documents are named with a prefix, and nothing is known of them. */
const isForeign = (id: string): boolean =>
	id.startsWith('DocumentRef-') || id === 'NONE' || id === 'NOASSERTION';

/** @throws SlipwayError SBOM_REFERENCE_DANGLING, SBOM_MERGE_INVALID */
const checkIds = (input: SpdxInput, file: string): ReadonlySet<string> => {
	const known = new Set([DOCUMENT]);
	for (const { SPDXID } of [...input.packages, ...input.files, ...input.snippets]) {
		if (known.has(SPDXID))
			throw toSbomError('SBOM_MERGE_INVALID', `${file}: the id ${quote(SPDXID)} is given twice`);
		known.add(SPDXID);
	}
	const named = [
		...input.documentDescribes,
		...input.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [
			spdxElementId,
			relatedSpdxElement,
		]),
	];
	const missing = named.find((id) => !known.has(id) && !isForeign(id));
	if (missing !== undefined)
		throw toSbomError(
			'SBOM_REFERENCE_DANGLING',
			`${file}: ${quote(missing)} is named and is no element of the document`,
		);
	return known;
};

/** @throws SlipwayError SBOM_REFERENCE_DANGLING, SBOM_MERGE_INVALID */
export const readSpdx = (input: SpdxInput, reading: Reading): ReadySbom => {
	checkIds(input, reading.file);
	const roots = findRoots(input);
	const extracted = new Map<string, Licence>(
		input.hasExtractedLicensingInfos.map(({ licenseId, name, extractedText }) => [
			licenseId,
			{ kind: 'named', name: cleanText(name) ?? licenseId, text: extractedText },
		]),
	);
	const all = input.packages.map((found) => toComponent(found, extracted, reading));
	// Of several roots none is ours: all of them hang from the artifact.
	const [rootId] = roots.size === 1 ? [...roots] : [];
	const components = all.filter(({ ref }) => ref !== rootId);
	const kept = new Set([ROOT, ...components.map(({ ref }) => ref)]);
	const toOwn = (id: string): string => (id === rootId || id === DOCUMENT ? ROOT : id);
	const dependencies = input.relationships.flatMap((relationship): Dependency[] => {
		const found = toDependency(relationship);
		if (!found) return [];
		const [from, to] = [toOwn(found.from), toOwn(found.to)];
		return kept.has(from) && kept.has(to) ? [{ from, to, kind: found.kind }] : [];
	});
	return {
		file: reading.file,
		root: all.find(({ ref }) => ref === rootId),
		part: { components, dependencies: attachToRoot(components, dependencies), complete: true, notes: [] },
		epoch: toForeignEpoch(input.creationInfo?.created),
		author: input.creationInfo?.creators?.[0] ?? '',
	};
};
