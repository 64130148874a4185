import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { editIndex, type PackageEdit, toListed } from './edit-index.ts';
import { type IndexBlock, readBlocks, toBlocks, toGzipIndex, toParts } from './gzip-blocks.ts';
import { findStanzas, type IndexStanza, toIndexStanza, toSha256 } from './packages-index.ts';

const toText = (name: string, version: string, extra = ''): string =>
	`Package: ${name}\nVersion: ${version}\nArchitecture: all\n${extra}Filename: pool/${name}_${version}.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n\n`;
const toStanza = (name: string, version: string, extra = ''): IndexStanza =>
	toIndexStanza(Buffer.from(toText(name, version, extra)));
const toWhole = (blocks: readonly IndexBlock[]): Buffer => Buffer.concat(blocks.map(({ text }) => text()));
const edit = (index: string, name: string, ...versions: readonly string[]): string =>
	toWhole(
		editIndex(toBlocks(Buffer.from(index)), [
			{ name, stanzas: versions.map((version) => toStanza(name, version)) },
		]),
	).toString();

const C = toText('c', '1', 'Description: c\n Package: b\n is no field here\n');

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

/** As a process sees it that reads what another one wrote. */
const publishAndRead = (blocks: readonly IndexBlock[]): readonly IndexBlock[] =>
	readBlocks(toGzipIndex(blocks), toWhole(blocks).length);
const toEdit = (name: string, ...versions: readonly string[]): PackageEdit => ({
	name,
	stanzas: versions.map((version) => toStanza(name, version)),
});

describe('Packages.gz', () => {
	test.each([0, 1, 500, 5000])('of %d packages unpacks to the index', (count) => {
		const gzip = toGzipIndex(toBlocks(toIndex(count)));
		expect(gunzipSync(gzip).equals(toIndex(count))).toBe(true);
		expect(toWhole(readBlocks(gzip, toIndex(count).length)).equals(toIndex(count))).toBe(true);
	});

	test('parts are whole stanzas of bounded size', () => {
		const parts = toParts(toIndex(5000));
		expect(parts.length).toBeGreaterThan(10);
		expect(parts.every((part) => part.toString().startsWith('Package: '))).toBe(true);
		expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(260 * 1024);
	});

	test('equal indexes give equal bytes, however they came about', () => {
		const before = publishAndRead(toBlocks(toIndex(3000)));
		const after = editIndex(before, [toEdit('package-1500', '9')]);
		expect(toGzipIndex(after).equals(toGzipIndex(toBlocks(toWhole(after))))).toBe(true);
		const back = editIndex(publishAndRead(after), [toEdit('package-1500', '1500.0-1')]);
		expect(toGzipIndex(back).equals(toGzipIndex(before))).toBe(true);
	});

	test('blocks of a long history are those of the same index cut at once', () => {
		const names = fc.nat(420).map((at) => `package-${at}`);
		const versions = fc.uniqueArray(fc.nat(4).map(String), { maxLength: 3 });
		const edits = fc.array(fc.tuple(names, versions), { minLength: 1, maxLength: 12 });
		const start = publishAndRead(toBlocks(toIndex(400)));
		const check = (list: readonly (readonly [string, readonly string[]])[]): void => {
			const after = editIndex(
				start,
				list.map(([name, wanted]) => toEdit(name, ...wanted)),
			);
			const whole = toWhole(after);
			expect(after.map(({ size }) => size)).toEqual(toParts(whole).map(({ length }) => length));
			expect(toListed(after)).toEqual({ size: whole.length, sha256: toSha256(whole) });
		};
		fc.assert(fc.property(edits, check), { numRuns: 60 });
		check(Array.from({ length: 400 }, (_, at) => [`package-${at}`, []] as const));
	});

	test('an edit compresses few members again', () => {
		const before = publishAndRead(toBlocks(toIndex(5000)));
		const after = editIndex(before, [toEdit('package-2500', '9')]);
		expect(after.filter((block) => !before.includes(block)).length).toBeLessThanOrEqual(3);
		expect(editIndex(before, [toEdit('package-2500', '2500.0-1')])).toBe(before);
	});

	test('the file of another tool is read whole, and cut', () => {
		const index = toIndex(300);
		const blocks = readBlocks(gzipSync(index), index.length);
		expect(toGzipIndex(blocks).equals(toGzipIndex(toBlocks(index)))).toBe(true);
	});

	const good = toGzipIndex(toBlocks(toIndex(3)));
	const edited = (at: number, byte: number): Buffer => {
		const bytes = Buffer.from(good);
		bytes[at] = byte;
		return bytes;
	};
	test.each<[string, Buffer, number]>([
		['nothing', Buffer.alloc(0), 0],
		['no gzip', Buffer.from('Package: a\n'), 11],
		['more than is listed', gzipSync(Buffer.alloc(1000)), 10],
		['less than is listed', gzipSync(Buffer.alloc(10)), 1000],
		['a content that says less than it is', edited(20, 1), 1 + (toIndex(3).length & 0xff00)],
		['damaged content', edited(30, 0), toIndex(3).length],
	])('%s is refused', (_name, gzip, size) => {
		const read = (): Buffer => toWhole(readBlocks(gzip, size));
		expect(read).toThrow(expect.objectContaining({ name: 'SlipwayError', code: 'APT_INDEX_INVALID' }));
	});
});
