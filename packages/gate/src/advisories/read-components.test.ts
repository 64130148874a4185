import fc from 'fast-check';
import type { SbomFile } from '../gate.ts';
import { readComponents } from './read-components.ts';
import { toNpmComponent, toSbomFile } from './sbom.fixture.ts';

const withText = (text: string): SbomFile => ({ ...toSbomFile([]), bytes: Buffer.from(text) });

test('root, nested and development components, each once', () => {
	const components = readComponents([
		toSbomFile([
			toNpmComponent('a', '1.0.0', { components: [toNpmComponent('inner', '2.0.0')] }),
			toNpmComponent('test', '1.0.0', { scope: 'excluded' }),
			toNpmComponent('lint', '1.0.0', {
				properties: [{ name: 'cdx:npm:package:development', value: 'true' }],
			}),
			{
				type: 'library',
				group: '@acme',
				name: 'vendored',
				licenses: [{ expression: 'MIT OR ISC' }, { license: { name: 'Mine' } }],
			},
		]),
		toSbomFile([toNpmComponent('test', '1.0.0')], {
			artifact: 'other-1.0.0.tgz',
			root: { purl: 'pkg:npm/other@1.0.0' },
		}),
	]);
	expect(components.map(({ label, isOwn, isDevelopment }) => [label, isOwn, isDevelopment])).toEqual([
		['greet 1.1.0', true, false],
		['a 1.0.0', false, false],
		['inner 2.0.0', false, false],
		['test 1.0.0', false, false],
		['lint 1.0.0', false, true],
		['@acme/vendored', false, false],
		['greet 1.1.0', true, false],
	]);
	expect(components[3]?.artifacts).toEqual(['greet-1.1.0.tgz', 'other-1.0.0.tgz']);
	expect(components[5]?.licences).toEqual(['MIT OR ISC', 'Mine']);
});

test('SPDX says the same again and is not read twice', () => {
	expect(readComponents([{ ...withText('{}'), format: 'spdx' }])).toEqual([]);
});

test.each([
	['no JSON', '{', 'JSON_INVALID'],
	['another format', '{"spdxVersion":"SPDX-2.3"}', 'GATE_SBOM_INVALID'],
	['components that are none', '{"bomFormat":"CycloneDX","components":[1]}', 'GATE_SBOM_INVALID'],
	['a prototype', '{"bomFormat":"CycloneDX","components":[{"name":"x","__proto__":{}}]}', 'JSON_UNSAFE'],
	[
		'depth (H8)',
		`{"bomFormat":"CycloneDX","components":${'[{"name":"x","components":'.repeat(1e4)}[]${'}]'.repeat(1e4)}}`,
		'JSON_UNSAFE',
	],
])('%s: refused', (_, text, code) => {
	expect(() => readComponents([withText(text)])).toThrow(
		expect.objectContaining({ name: 'SlipwayError', code }),
	);
});

test('whatever becomes of an SBOM, it is read or refused (fuzz)', () => {
	const text = Buffer.from(
		toSbomFile([toNpmComponent('a', '1.0.0', { components: [toNpmComponent('b', '2.0.0')] })]).bytes,
	).toString();
	fc.assert(
		fc.property(
			fc.nat({ max: text.length }),
			fc.nat({ max: 30 }),
			fc.string({ maxLength: 10 }),
			(at, length, insert) => {
				try {
					for (const { label } of readComponents([
						withText(text.slice(0, at) + insert + text.slice(at + length)),
					]))
						expect(typeof label).toBe('string');
				} catch (thrown) {
					expect(thrown).toMatchObject({ name: 'SlipwayError' });
				}
			},
		),
		{ numRuns: 1000 },
	);
});
