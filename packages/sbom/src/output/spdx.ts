import { createHash } from 'node:crypto';
import type { Component, ContainedFile, Dependency, Hash, Sbom, Supplier } from '../model/sbom.ts';
import { toSbomUuid } from '../model/uuid.ts';
import { LicenceReferences } from './licence-refs.ts';
import { compareText, toTimestamp } from './order.ts';
import type { SpdxDocument, SpdxFile, SpdxPackage, SpdxRelationship } from './spdx-document.ts';
import { DOCUMENT_ID, toSpdxId } from './spdx-id.ts';

const NOASSERTION = 'NOASSERTION';

const toChecksums = (hashes: readonly Hash[]) =>
	hashes
		.map(({ algorithm, value }) => ({ algorithm: algorithm.replace('-', ''), checksumValue: value }))
		.sort((a, b) => compareText(a.algorithm, b.algorithm));

/** SPDX 2.3, 7.5: the address in brackets; brackets in a name would be read as one. */
const toActor = ({ kind, name, email }: Supplier): string => {
	const title = kind === 'person' ? 'Person' : 'Organization';
	return `${title}: ${name.replace(/[()]/g, ' ').replace(/ {2,}/g, ' ').trim() || name}${email === undefined ? '' : ` (${email})`}`;
};

/** SPDX 2.3, 7.7: an address, or one of git with the commit behind an @. */
const toDownloadLocation = ({ links }: Component): string => {
	const url = links.find(({ type }) => type === 'distribution')?.url;
	if (url === undefined) return NOASSERTION;
	if (/^https?:/.test(url)) return url;
	return /^git(\+|:)/.test(url) ? url.replace('#', '@') : NOASSERTION;
};

const PURPOSES: Readonly<Record<Component['type'], string>> = {
	application: 'APPLICATION',
	library: 'LIBRARY',
	framework: 'FRAMEWORK',
	file: 'FILE',
	'operating-system': 'OPERATING-SYSTEM',
	container: 'CONTAINER',
};

/** SPDX 2.3, 7.9: SHA-1 of the sorted SHA-1s of the files. */
const toVerificationCode = (files: readonly ContainedFile[]): string => {
	const sums = files.flatMap(({ hashes }) =>
		hashes.filter(({ algorithm }) => algorithm === 'SHA-1').map(({ value }) => value),
	);
	return createHash('sha1').update(sums.sort().join('')).digest('hex');
};

const toComment = ({ properties = {} }: Component): string =>
	Object.entries(properties)
		.sort(([a], [b]) => compareText(a, b))
		.map(([name, value]) => `${name}: ${value}`)
		.join('\n');

const toPackage = (
	component: Component,
	references: LicenceReferences,
	files: readonly ContainedFile[],
): SpdxPackage => {
	const { ref, group, name, version, purl, hashes, licence, supplier, links, description, file } = component;
	const homepage = links.find(({ type, url }) => type === 'website' && /^https?:/.test(url))?.url;
	const comment = toComment(component);
	return {
		SPDXID: toSpdxId('Package', ref),
		name: group === undefined ? name : `${group}/${name}`,
		versionInfo: version ?? NOASSERTION,
		...(file && { packageFileName: file.name }),
		supplier: supplier ? toActor(supplier) : NOASSERTION,
		downloadLocation: toDownloadLocation(component),
		filesAnalyzed: files.length > 0,
		...(files.length > 0 && {
			packageVerificationCode: { packageVerificationCodeValue: toVerificationCode(files) },
			licenseInfoFromFiles: [NOASSERTION],
		}),
		...(hashes.length > 0 && { checksums: toChecksums(hashes) }),
		...(homepage !== undefined && { homepage }),
		licenseConcluded: NOASSERTION,
		licenseDeclared: references.toExpression(licence),
		copyrightText: NOASSERTION,
		...(description !== undefined && { description }),
		...(comment !== '' && { comment }),
		...(purl !== undefined && {
			externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
		}),
		primaryPackagePurpose: PURPOSES[component.type],
	};
};

const toFile = ({ path, hashes }: ContainedFile): SpdxFile => ({
	SPDXID: toSpdxId('File', path),
	fileName: `./${path}`,
	checksums: toChecksums(hashes),
	licenseConcluded: NOASSERTION,
	licenseInfoInFiles: [NOASSERTION],
	copyrightText: NOASSERTION,
});

type Ids = ReadonlyMap<string, string>;

/** SPDX 2.3, 11.1: what is optional or only for development points at who needs it. */
const toRelationship = ({ from, to, kind }: Dependency, ids: Ids): SpdxRelationship => {
	const [source, target] = [ids.get(from) ?? NOASSERTION, ids.get(to) ?? NOASSERTION];
	if (kind === 'runtime')
		return { spdxElementId: source, relationshipType: 'DEPENDS_ON', relatedSpdxElement: target };
	const relationshipType = kind === 'optional' ? 'OPTIONAL_DEPENDENCY_OF' : 'DEV_DEPENDENCY_OF';
	return { spdxElementId: target, relationshipType, relatedSpdxElement: source };
};

const toKey = ({ spdxElementId, relationshipType, relatedSpdxElement }: SpdxRelationship): string =>
	`${spdxElementId} ${relationshipType} ${relatedSpdxElement}`;

const toRelationships = ({ root, components, dependencies, files }: Sbom, ids: Ids): SpdxRelationship[] => {
	const rootId = ids.get(root.ref) ?? NOASSERTION;
	const contained = [
		...components.filter(({ bundled }) => bundled).map(({ ref }) => ids.get(ref) ?? NOASSERTION),
		...files.map(({ path }) => toSpdxId('File', path)),
	];
	return [
		{ spdxElementId: DOCUMENT_ID, relationshipType: 'DESCRIBES', relatedSpdxElement: rootId },
		...contained.map((id) => ({
			spdxElementId: rootId,
			relationshipType: 'CONTAINS',
			relatedSpdxElement: id,
		})),
		...dependencies.map((dependency) => toRelationship(dependency, ids)),
	].sort((a, b) => compareText(toKey(a), toKey(b)));
};

const toCreationInfo = ({ root, tool, epoch, notes, complete }: Sbom): SpdxDocument['creationInfo'] => {
	const remarks = [...notes, ...(complete ? [] : ['The list of components is incomplete.'])];
	return {
		created: toTimestamp(epoch),
		creators: [`Tool: ${tool.name}-${tool.version}`, ...(root.supplier ? [toActor(root.supplier)] : [])],
		...(remarks.length > 0 && { comment: remarks.join('\n') }),
	};
};

/** An SBOM as SPDX 2.3. */
export const toSpdxDocument = (sbom: Sbom): SpdxDocument => {
	const { root, components, files } = sbom;
	const references = new LicenceReferences();
	const packages = [
		toPackage(root, references, files),
		...components.map((component) => toPackage(component, references, [])),
	];
	const ids = new Map(
		[root, ...components].map(({ ref }, index) => [ref, packages[index]?.SPDXID ?? NOASSERTION]),
	);
	const extracted = references.toSorted();
	const name = [root.group, root.name, root.version].filter((part) => part !== undefined).join('-');
	return {
		spdxVersion: 'SPDX-2.3',
		dataLicense: 'CC0-1.0',
		SPDXID: DOCUMENT_ID,
		name,
		documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(name)}-${toSbomUuid(sbom.digest)}`,
		creationInfo: toCreationInfo(sbom),
		documentDescribes: [ids.get(root.ref) ?? NOASSERTION],
		packages,
		...(files.length > 0 && { files: files.map(toFile) }),
		...(extracted.length > 0 && { hasExtractedLicensingInfos: extracted }),
		relationships: toRelationships(sbom, ids),
	};
};

/** The bytes of an SBOM as SPDX 2.3 JSON: the same for the same SBOM, on every machine. */
export const toSpdx = (sbom: Sbom): Uint8Array => Buffer.from(`${JSON.stringify(toSpdxDocument(sbom))}\n`);
