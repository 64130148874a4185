import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { toGzipIndex, toParts } from './gzip-blocks.ts';
import { editIndex, findStanzas, type IndexStanza, toIndexStanza } from './packages-index.ts';

const toText = (name: string, version: string, extra = ''): string =>
	`Package: ${name}\nVersion: ${version}\nArchitecture: all\n${extra}Filename: pool/${name}_${version}.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n\n`;
const toStanza = (name: string, version: string, extra = ''): IndexStanza =>
	toIndexStanza(Buffer.from(toText(name, version, extra)));
const edit = (index: string, name: string, ...versions: readonly string[]): string =>
	editIndex(Buffer.from(index), [
		{ name, stanzas: versions.map((version) => toStanza(name, version)) },
	]).toString();

const A = toText('a', '1');
const B1 = toText('b', '1');
const B2 = toText('b', '2');
const C = toText('c', '1', 'Description: c\n Package: b\n is no field here\n');

const cases: readonly [name: string, before: string, versions: readonly string[], after: string][] = [
	['into an empty index', '', ['1'], B1],
	['a new package at the end', A + C, ['1'], A + C + B1],
	['a new version behind the old one', A + B1 + C, ['1', '2'], A + B1 + B2 + C],
	['one version instead of another', A + B1 + C, ['2'], A + B2 + C],
	['the last of a package', A + B1 + C, [], A + C],
	['one of two versions', A + B1 + B2 + C, ['2'], A + B2 + C],
	['what is there already', A + B1 + C, ['1'], A + B1 + C],
	['the only package', B1, [], ''],
	['versions with others between them', B1 + A + B2 + C, ['2'], A + B2 + C],
	['an index that ends without an empty line', (A + C).slice(0, -1), ['1'], A + C + B1],
	['an index that ends without a line feed', (A + C).slice(0, -2), ['1'], A + C + B1],
];

test.each(cases)('%s: only our stanzas change', (_name, before, versions, after) => {
	expect(edit(before, 'b', ...versions)).toBe(after);
});

test('a name is compared whole and only as a field', () => {
	const index = Buffer.from(toText('bb', '1') + C + toText('b', '1').replace('b\n', 'b \n'));
	expect(findStanzas(index, 'b')).toEqual([]);
	expect(findStanzas(index, 'c')).toMatchObject([{ name: 'c', version: '1', architecture: 'all' }]);
});

test('other packages keep their order and bytes, whatever is edited', () => {
	const packages = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'bc', 'c'), fc.nat(5)), { maxLength: 12 });
	const versions = fc.uniqueArray(fc.nat(5), { maxLength: 4 });
	const toOthers = (index: string): string[] =>
		index.split(/(?<=\n\n)/).filter((text) => text !== '' && !text.startsWith('Package: b\n'));
	fc.assert(
		fc.property(packages, versions, (present, wanted) => {
			const before = present.map(([name, version]) => toText(name, String(version))).join('');
			const after = edit(before, 'b', ...wanted.map(String));
			expect(toOthers(after)).toEqual(toOthers(before));
			const found = new Set(findStanzas(Buffer.from(after), 'b').map(({ version }) => version));
			expect(found).toEqual(new Set(wanted.map(String)));
		}),
	);
});

const toIndex = (count: number): Buffer =>
	Buffer.from(Array.from({ length: count }, (_, at) => toText(`package-${at}`, `${at}.0-1`)).join(''));

describe('Packages.gz', () => {
	test.each([0, 1, 500, 5000])('of %d packages unpacks to the index', (count) => {
		expect(gunzipSync(toGzipIndex(toIndex(count))).equals(toIndex(count))).toBe(true);
	});

	test('parts are whole stanzas of bounded size', () => {
		const parts = toParts(toIndex(5000));
		expect(parts.length).toBeGreaterThan(10);
		expect(parts.every((part) => part.toString().startsWith('Package: '))).toBe(true);
		expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(260 * 1024);
	});

	test('equal indexes give equal bytes, however they came about', () => {
		const before = toIndex(3000);
		const added = editIndex(before, [{ name: 'package-1500', stanzas: [toStanza('package-1500', '9')] }]);
		const fresh = toGzipIndex(added);
		expect(toGzipIndex(added, { plain: before, gzip: toGzipIndex(before) }).equals(fresh)).toBe(true);
		expect(toGzipIndex(before, { plain: added, gzip: fresh }).equals(toGzipIndex(before))).toBe(true);
	});

	test('an edit compresses few members again', () => {
		const before = toIndex(5000);
		const after = editIndex(before, [{ name: 'package-2500', stanzas: [toStanza('package-2500', '9')] }]);
		const old = new Set(toParts(before).map((part) => part.toString()));
		expect(toParts(after).filter((part) => !old.has(part.toString())).length).toBeLessThanOrEqual(3);
	});

	test('the file of another tool is not reused', () => {
		const index = toIndex(300);
		const foreign = { plain: index, gzip: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 0, 3, 5, 5, 5]) };
		expect(toGzipIndex(index, foreign).equals(toGzipIndex(index))).toBe(true);
	});
});
