import { type Artifact, SlipwayError } from '@slipway/core';
import { makeSbom } from '../model/make-sbom.ts';
import { toCycloneDx } from '../output/cyclonedx.ts';
import { toSpdx } from '../output/spdx.ts';
import { toSampleSbom } from '../sample.fixture.ts';
import { findDanglingIds, findDanglingRefs, validateCycloneDx, validateSpdx } from '../validate.fixture.ts';
import { findReadySboms } from './belongs-to.ts';
import { parseReadySbom } from './parse-ready-sbom.ts';
import { GO_CYCLONEDX, SYFT_SPDX } from './ready.fixture.ts';

const parse = (document: object, file = 'a.json') => parseReadySbom(JSON.stringify(document), file);
const merge = (...documents: object[]) =>
	makeSbom({
		root: {
			type: 'application',
			name: 'tally',
			version: '2.1.0',
			purl: 'pkg:deb/tally@2.1.0',
			hashes: [],
			links: [],
		},
		parts: documents.map((document) => parse(document).part),
		digest: 'ab'.repeat(32),
		epoch: 1,
		tool: { name: 'slipway', version: '0' },
	});

test('components of both formats below our own root, each purl once', () => {
	const sbom = merge(GO_CYCLONEDX, SYFT_SPDX);
	expect(sbom.components.map(({ ref }) => ref)).toEqual([
		'nested',
		'pkg:cargo/serde@1.0.219',
		'pkg:golang/golang.org/x/text@v0.21.0?type=module',
		'pkg:golang/std@1.24.0',
	]);
	expect(sbom.dependencies.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
		'pkg:deb/tally@2.1.0 -> pkg:cargo/serde@1.0.219',
		'pkg:deb/tally@2.1.0 -> pkg:golang/golang.org/x/text@v0.21.0?type=module',
		'pkg:deb/tally@2.1.0 -> pkg:golang/std@1.24.0',
		'pkg:golang/golang.org/x/text@v0.21.0?type=module -> nested',
		'pkg:golang/golang.org/x/text@v0.21.0?type=module -> pkg:golang/std@1.24.0',
	]);
});

test('what they say of a component is kept', () => {
	const sbom = merge(GO_CYCLONEDX, SYFT_SPDX);
	expect(sbom.components[2]).toMatchObject({
		hashes: [{ algorithm: 'SHA-256', value: 'cf'.repeat(32) }],
		licence: { expression: 'BSD-3-Clause' },
		supplier: { name: 'The Go Authors', url: 'https://go.dev/' },
	});
	expect(sbom.components[1]).toMatchObject({
		supplier: { kind: 'person', name: 'Erick', email: 'erick@example.org' },
		licence: { expression: 'MIT OR Apache-2.0' },
	});
	expect(sbom.components[3]).toMatchObject({
		licence: { kind: 'named', name: 'Go licence', text: 'do as you like' },
	});
});

test('merged, both formats are valid', async () => {
	const sbom = merge(GO_CYCLONEDX, SYFT_SPDX);
	expect(await validateCycloneDx(toCycloneDx(sbom))).toBeNull();
	expect(validateSpdx(toSpdx(sbom))).toEqual([]);
	expect([...findDanglingRefs(toCycloneDx(sbom)), ...findDanglingIds(toSpdx(sbom))]).toEqual([]);
});

test.each([
	['CycloneDX', toCycloneDx],
	['SPDX', toSpdx],
])('our own %s is read back with every component and edge', (_, write) => {
	const sbom = toSampleSbom();
	const { root, part } = parseReadySbom(write(sbom), 'own');
	const again = makeSbom({ ...sbom, root: root ?? sbom.root, parts: [part] });
	expect(again.components.map(({ ref }) => ref)).toEqual(sbom.components.map(({ ref }) => ref));
	expect(again.dependencies.map(({ from, to }) => `${from} ${to}`)).toEqual(
		expect.arrayContaining(sbom.dependencies.map(({ from, to }) => `${from} ${to}`)),
	);
});

const withComponent = (change: object): object => ({
	...GO_CYCLONEDX,
	components: [...GO_CYCLONEDX.components, change],
});

test.each([
	['no SBOM', { name: 'x' }, 'SBOM_MERGE_INVALID'],
	['a list', [], 'SBOM_MERGE_INVALID'],
	['an unknown version of CycloneDX', { ...GO_CYCLONEDX, specVersion: '9.9' }, 'SBOM_MERGE_INVALID'],
	['SPDX 3', { ...SYFT_SPDX, spdxVersion: 'SPDX-3.0' }, 'SBOM_MERGE_INVALID'],
	['a component without a name', withComponent({ type: 'library' }), 'SBOM_MERGE_INVALID'],
	['a reference given twice', withComponent({ name: 'x', 'bom-ref': 'a' }), 'SBOM_MERGE_INVALID'],
	['the root as a component', withComponent({ name: 'x', 'bom-ref': 'root' }), 'SBOM_MERGE_INVALID'],
	[
		'a dependency on nothing',
		{ ...GO_CYCLONEDX, dependencies: [{ ref: 'a', dependsOn: ['gone'] }] },
		'SBOM_REFERENCE_DANGLING',
	],
	[
		'a relationship to nothing',
		{
			...SYFT_SPDX,
			relationships: [
				{ spdxElementId: 'SPDXRef-gone', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-std' },
			],
		},
		'SBOM_REFERENCE_DANGLING',
	],
	[
		'an id given twice',
		{ ...SYFT_SPDX, packages: [...SYFT_SPDX.packages, { SPDXID: 'SPDXRef-std', name: 'x' }] },
		'SBOM_MERGE_INVALID',
	],
	['a name that turns the direction of writing', withComponent({ name: 'a\u202eb' }), 'SBOM_NAME_INVALID'],
	['a version with a line break', withComponent({ name: 'a', version: '1\n2' }), 'SBOM_NAME_INVALID'],
])('%s is refused', (_, document, code) => {
	expect(() => parse(document)).toThrow(expect.objectContaining({ constructor: SlipwayError, code }));
});

test('components nested deeper than any tool writes are refused', () => {
	const deep = `${'{"name":"x","components":['.repeat(10_000)}${']}'.repeat(10_000)}`;
	const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${deep}]}`;
	expect(() => parseReadySbom(text, 'a')).toThrow(expect.objectContaining({ code: 'JSON_UNSAFE' }));
});

test('a circle is reached from the root once', () => {
	const circle = {
		...GO_CYCLONEDX,
		components: ['x', 'y'].map((name) => ({ name, 'bom-ref': name })),
		dependencies: [
			{ ref: 'x', dependsOn: ['y'] },
			{ ref: 'y', dependsOn: ['x'] },
		],
	};
	expect(parse(circle).part.dependencies.filter(({ from }) => from === '')).toEqual([
		{ from: '', to: 'x', kind: 'runtime' },
	]);
});

const toArtifact = (name: string, sha256: string): Artifact => ({
	name,
	path: `artifacts/${name}`,
	mediaType: 'application/octet-stream',
	size: 1,
	digest: { sha256 },
	purl: `pkg:generic/${name}`,
});

test('a ready SBOM belongs to the artifact it is bound to or named after, else to all', () => {
	const [one, two] = [toArtifact('one.deb', 'a'.repeat(64)), toArtifact('two.deb', 'b'.repeat(64))];
	const root = { ...GO_CYCLONEDX.metadata.component, hashes: [{ alg: 'SHA-256', content: 'b'.repeat(64) }] };
	const bound = parse({ ...GO_CYCLONEDX, metadata: { component: root } });
	const named = parse(GO_CYCLONEDX, 'build/one.deb.cdx.json');
	const free = parse(GO_CYCLONEDX, 'build/bom.json');
	const all = [one, two];
	expect(findReadySboms([bound, named, free], one, all)).toEqual([named, free]);
	expect(findReadySboms([bound, named, free], two, all)).toEqual([bound, free]);
});
