import { SlipwayError } from '@slipway/core';
import { toRelationsPart } from './relations.ts';

const read = (fields: Record<string, string>) => toRelationsPart(new Map(Object.entries(fields)));

test('every relation is a component whose version nobody claims', () => {
	const part = read({
		Depends: 'libc6 (>= 2.34), perl:any,\n default-mta | mail-transport-agent, libx (= 1:2.0-1) [amd64]',
		Recommends: 'ca-certificates',
		Conflicts: 'other',
	});
	expect(part.dependencies.map(({ to, kind }) => `${to} ${kind}`)).toEqual([
		'deb:libc6 runtime',
		'deb:perl runtime',
		'deb:default-mta runtime',
		'deb:mail-transport-agent optional',
		'deb:libx runtime',
		'deb:ca-certificates optional',
	]);
	expect(part.components.every(({ version, external }) => version === undefined && external === true)).toBe(
		true,
	);
	expect(part.components[0]).toMatchObject({
		purl: 'pkg:deb/libc6',
		properties: { 'slipway:deb:relation': 'Depends: libc6 (>= 2.34)' },
	});
});

test('a package without relations is complete in itself', () => {
	expect(read({})).toEqual({ components: [], dependencies: [], complete: true, notes: [] });
});

test.each([
	['Depends: not a name', { Depends: 'Foo Bar' }, 'SBOM_SOURCE_INVALID'],
	['a name that turns', { Depends: 'a\u202eb' }, 'SBOM_SOURCE_INVALID'],
	['an open bracket', { Depends: 'libc6 (>= 1' }, 'SBOM_SOURCE_INVALID'],
	['a megabyte', { Depends: 'a'.repeat(1_000_000) }, 'SBOM_TOO_LARGE'],
	[
		'10,000 relations',
		{ Depends: Array.from({ length: 10_000 }, (_, index) => `a${index}`).join() },
		'SBOM_TOO_LARGE',
	],
])('%s is refused', (_, fields, code) => {
	expect(() => read(fields as Record<string, string>)).toThrow(
		expect.objectContaining({ constructor: SlipwayError, code }),
	);
});

test.each(['<', '[', '(', ' ', 'a ', '<a> '])('60,000 signs of %j take no time', (sign) => {
	const start = process.threadCpuUsage();
	expect(() => read({ Depends: `aa ${sign.repeat(60_000 / sign.length)}!` })).toThrow(SlipwayError);
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(500);
});
