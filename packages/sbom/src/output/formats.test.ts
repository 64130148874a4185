import type { Serialize } from '@cyclonedx/cyclonedx-library';
import { makeSbom } from '../model/make-sbom.ts';
import type { Sbom } from '../model/sbom.ts';
import { toSampleSbom } from '../sample.fixture.ts';
import { findDanglingIds, findDanglingRefs, validateCycloneDx, validateSpdx } from '../validate.fixture.ts';
import { toCycloneDx } from './cyclonedx.ts';
import { toSpdx, toSpdxDocument } from './spdx.ts';

const empty = makeSbom({
	root: { type: 'application', name: 'alone', hashes: [], links: [] },
	parts: [],
	digest: '00'.repeat(32),
	epoch: 0,
	tool: { name: 'slipway', version: '0.1.0' },
});

const readCycloneDx = (sbom: Sbom): Serialize.JSON.Types.Normalized.Bom =>
	JSON.parse(new TextDecoder().decode(toCycloneDx(sbom)));

const withFiles = toSampleSbom({
	files: [
		{
			path: 'usr/bin/träger',
			executable: true,
			hashes: [
				{ algorithm: 'SHA-1', value: 'a'.repeat(40) },
				{ algorithm: 'SHA-256', value: 'b'.repeat(64) },
			],
		},
	],
});

const nasty = toSampleSbom({
	root: {
		type: 'application',
		name: 'nasty "name" <script> (brackets)',
		version: '1.0.0',
		hashes: [],
		links: [{ type: 'website', url: 'https://example.org/a%20b' }],
		supplier: { kind: 'person', name: 'Eve (evil) <x>', email: 'eve@example.org' },
		licence: { kind: 'named', name: 'SEE LICENSE IN a/b', text: 'All rights\nreserved' },
		properties: { 'slipway:unresolved': '>= 1 "x"' },
	},
});

describe.each<[string, Sbom]>([
	['a lockfile with everything', toSampleSbom()],
	['nothing but a root', empty],
	['a root with files', withFiles],
	['odd texts', nasty],
])('%s', (_, sbom) => {
	test('is CycloneDX 1.6 for the strict validator of the library', async () => {
		expect(await validateCycloneDx(toCycloneDx(sbom))).toBeNull();
		expect(findDanglingRefs(toCycloneDx(sbom))).toEqual([]);
	});

	test('is SPDX 2.3 for the schema of the specification', () => {
		expect(validateSpdx(toSpdx(sbom))).toEqual([]);
		expect(findDanglingIds(toSpdx(sbom))).toEqual([]);
	});
});

test('the validators refuse what is broken', async () => {
	const bom = readCycloneDx(toSampleSbom());
	expect(
		await validateCycloneDx(Buffer.from(JSON.stringify({ ...bom, components: [{ name: 'x' }] }))),
	).not.toBeNull();
	const document = toSpdxDocument(toSampleSbom());
	expect(validateSpdx(Buffer.from(JSON.stringify({ ...document, packages: [{ name: 'x' }] })))).not.toEqual(
		[],
	);
	const pointing = {
		...document,
		relationships: [
			...document.relationships,
			{ spdxElementId: 'SPDXRef-x', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-y' },
		],
	};
	expect(findDanglingIds(Buffer.from(JSON.stringify(pointing)))).toEqual(['SPDXRef-x', 'SPDXRef-y']);
});

test('serial number, namespace and times come from the digest and the epoch', () => {
	const sbom = toSampleSbom();
	expect(readCycloneDx(sbom).serialNumber).toBe('urn:uuid:bf99eab8-d6e2-5857-9f75-a3c62380d409');
	expect(toSpdxDocument(sbom).documentNamespace).toBe(
		'https://spdx.org/spdxdocs/%40acme-app-1.2.0-bf99eab8-d6e2-5857-9f75-a3c62380d409',
	);
	expect(readCycloneDx(sbom).metadata?.timestamp).toBe('2023-11-14T22:13:20Z');
	expect(toSpdxDocument(sbom).creationInfo.created).toBe('2023-11-14T22:13:20Z');
});

test('the same input gives the same bytes', () => {
	expect(Buffer.compare(toCycloneDx(toSampleSbom()), toCycloneDx(toSampleSbom()))).toBe(0);
	expect(Buffer.compare(toSpdx(toSampleSbom()), toSpdx(toSampleSbom()))).toBe(0);
});

test('scopes: what is optional, and what only development needs, is told in the words of each format', () => {
	const scopes = new Map(
		readCycloneDx(toSampleSbom()).components?.map(({ name, scope }) => [name, scope as string]),
	);
	expect(scopes.get('a')).toBe('required');
	expect(scopes.get('deep')).toBe('optional');
	expect(scopes.get('only-dev')).toBe('excluded');
	const types = new Set(
		toSpdxDocument(toSampleSbom()).relationships.map(({ relationshipType }) => relationshipType),
	);
	expect([...types].sort()).toEqual([
		'CONTAINS',
		'DEPENDS_ON',
		'DESCRIBES',
		'DEV_DEPENDENCY_OF',
		'OPTIONAL_DEPENDENCY_OF',
	]);
});

test('licences: ids, expressions, own names', () => {
	const licences = new Map(
		readCycloneDx(toSampleSbom()).components?.map(({ name, version, licenses }) => [
			`${name}@${version}`,
			licenses,
		]),
	);
	expect(licences.get('b@1.0.0')).toEqual([{ license: { id: 'Apache-2.0', acknowledgement: 'declared' } }]);
	expect(licences.get('b@2.0.0')).toEqual([{ license: { name: 'UNLICENSED', acknowledgement: 'declared' } }]);
	expect(licences.get('tarball@4.0.0')).toEqual([
		{ expression: '(MIT OR LicenseRef-own)', acknowledgement: 'declared' },
	]);
	const extracted = toSpdxDocument(toSampleSbom()).hasExtractedLicensingInfos?.map(
		({ licenseId }) => licenseId,
	);
	expect(extracted).toContain('LicenseRef-own');
	expect(extracted).toContainEqual(expect.stringMatching(/^LicenseRef-UNLICENSED-[0-9a-f]{8}$/));
});

test('no user name, password or token of an address is written', () => {
	expect(toCycloneDx(toSampleSbom()).toString()).not.toMatch(/secret/);
	expect(toSpdx(toSampleSbom()).toString()).not.toMatch(/secret/);
});

test('a digest that is an address of git keeps its commit', () => {
	const found = toSpdxDocument(toSampleSbom()).packages.find(({ name }) => name === 'fromgit');
	expect(found?.downloadLocation).toBe(
		'git+ssh://git@github.com/acme/fromgit.git@0123456789012345678901234567890123456789',
	);
	expect(found?.externalRefs?.[0]?.referenceLocator).toBe(
		'pkg:npm/fromgit@0.0.1?vcs_url=git%2Bssh:%2F%2Fgit%40github.com%2Facme%2Ffromgit.git%230123456789012345678901234567890123456789',
	);
});
