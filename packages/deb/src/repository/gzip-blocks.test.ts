import { crc32, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { readBlocks, toBlock, toBlocks, toGzipIndex, toParts } from './gzip-blocks.ts';

/** FNV-1a, 32 bits, of a line: where it is a multiple of 64, a member may begin. */
const hash = (line: string): number =>
	[...Buffer.from(line)].reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
const isCut = (name: string): boolean => hash(`Package: ${name}`) % 64 === 0;

const NAMES = Array.from({ length: 2000 }, (_, at) => `p${String(at).padStart(5, '0')}`);
const PLAIN = NAMES.filter((name) => !isCut(name));
const CUTS = NAMES.filter(isCut);

const STANZA_BYTES = 1024;
/** 1 KiB each. */
const toStanza = (name: string): string =>
	`Package: ${name}\nDescription: ${'x'.repeat(STANZA_BYTES)}`.slice(0, STANZA_BYTES - 2).concat('\n\n');
/** So many stanzas at which nothing is cut. */
const plain = (count: number, from = 0): string =>
	PLAIN.slice(from, from + count)
		.map(toStanza)
		.join('');
const cut = (at = 0): string => toStanza(CUTS[at] ?? '');
const sizes = (text: string): number[] =>
	toParts(Buffer.from(text)).map(({ length }) => length / STANZA_BYTES);

describe('parts', () => {
	test.each<[string, string, readonly number[]]>([
		['an empty index is one empty part', '', [0]],
		['one stanza', plain(1), [1]],
		['nothing to cut at', plain(200), [200]],
		['a cut', plain(100) + cut() + plain(9, 100), [100, 10]],
		['a cut at the end', plain(100) + cut(), [100, 1]],
		['two cuts', plain(40) + cut() + plain(39, 40) + cut(1), [40, 40, 1]],
		['too early for a cut', plain(31) + cut() + plain(9, 31), [41]],
		['a cut in the very first line', cut() + plain(40), [41]],
		['too early after a cut', plain(40) + cut() + plain(20, 40) + cut(1) + plain(5, 60), [40, 27]],
		['too large: cut anywhere', plain(600), [256, 256, 88]],
		['exactly full', plain(256), [256]],
		['a cut after a full part', plain(300) + cut() + plain(3, 300), [256, 44, 4]],
	])('%s', (_name, text, expected) => {
		expect(sizes(text)).toEqual(expected);
	});

	test('a cut is looked for from 32 KiB on', () => {
		const before = (bytes: number): string => `${plain(31)}${'y'.repeat(bytes - 2)}\n\n`;
		const count = (bytes: number): number =>
			toParts(Buffer.from(before(bytes) + cut() + plain(3, 40))).length;
		expect(count(1024)).toBe(1);
		expect(count(1025)).toBe(1);
		expect(count(1026)).toBe(2);
		expect(count(1027)).toBe(2);
	});

	test('the first line counts alone, and all of it', () => {
		const [name = ''] = CUTS;
		const longer = `Package: ${name}x\nDescription: y\n\n`;
		const other = `Package: ${name}\nDescription: y\n\n`;
		expect(toParts(Buffer.from(plain(40) + longer + plain(3, 40)))).toHaveLength(isCut(`${name}x`) ? 2 : 1);
		expect(toParts(Buffer.from(plain(40) + other + plain(3, 40)))).toHaveLength(2);
	});

	test('a line that never ends is one too', () => {
		expect(toParts(Buffer.from(`${plain(40)}Package: ${CUTS[0]}`))).toHaveLength(2);
		expect(toParts(Buffer.from(`${plain(40)}Package: ${PLAIN[0]}`))).toHaveLength(1);
	});

	test('put together they are the index', () => {
		const index = Buffer.from(plain(300) + cut() + plain(300, 300));
		expect(Buffer.concat(toParts(index)).equals(index)).toBe(true);
	});
});

describe('a member', () => {
	const text = Buffer.from(plain(3));
	const member = toBlock(text).member();

	test('is a gzip file of RFC 1952 whose extra field SW names its sizes', () => {
		expect([...member.subarray(0, 16)]).toEqual([
			0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 2, 3, 12, 0, 0x53, 0x57, 8, 0,
		]);
		expect(member.readUInt32LE(16)).toBe(member.length);
		expect(member.readUInt32LE(20)).toBe(text.length);
		expect(inflateRawSync(member.subarray(24, -8)).equals(text)).toBe(true);
		expect(member.readUInt32LE(member.length - 8)).toBe(crc32(text));
		expect(member.readUInt32LE(member.length - 4)).toBe(text.length);
		expect(gunzipSync(member).equals(text)).toBe(true);
	});

	test('is as small as zlib makes it', () => {
		expect(member.length).toBeLessThanOrEqual(gzipSync(text, { level: 9 }).length + 14);
	});

	test('is made once', () => {
		const block = toBlock(text);
		expect(block.member()).toBe(block.member());
		expect([block.size, block.text()]).toEqual([text.length, text]);
	});
});

describe('reading', () => {
	const index = Buffer.from(plain(100) + cut() + plain(50, 100));
	const gzip = toGzipIndex(toBlocks(index));
	const refused = expect.objectContaining({ code: 'APT_INDEX_INVALID' });
	const readText = (bytes: Buffer, size = index.length): string =>
		Buffer.concat(readBlocks(bytes, size).map(({ text }) => text())).toString();
	const changed = (change: (bytes: Buffer) => void): Buffer => {
		const bytes = Buffer.from(gzip);
		change(bytes);
		return bytes;
	};

	test('gives the members as they are, each unpacked once and only when asked', () => {
		const blocks = readBlocks(gzip, index.length);
		expect(blocks.map(({ size }) => size / STANZA_BYTES)).toEqual([100, 51]);
		expect(toGzipIndex(blocks).equals(gzip)).toBe(true);
		expect(blocks[0]?.text()).toBe(blocks[0]?.text());
		expect(readText(gzip)).toBe(index.toString());
	});

	test('an empty index', () => {
		const empty = toGzipIndex(toBlocks(Buffer.alloc(0)));
		expect(readBlocks(empty, 0).map(({ size, text }) => [size, text().length])).toEqual([[0, 0]]);
	});

	test('a large one is unpacked anew each time, so that memory stays bounded', () => {
		const large = toBlock(Buffer.alloc(33 * 1024 * 1024));
		const [block] = readBlocks(large.member(), large.size);
		const one = block?.text();
		expect(one?.length).toBe(large.size);
		expect(one === block?.text()).toBe(false);
	});

	test('members that another tool wrote are read whole and cut anew', () => {
		const other = Buffer.concat([gzipSync(index.subarray(0, 1000)), gzipSync(index.subarray(1000))]);
		const blocks = readBlocks(other, index.length);
		expect(blocks.map(({ size }) => size / STANZA_BYTES)).toEqual([100, 51]);
		expect(readText(other)).toBe(index.toString());
	});

	test('one of another tool behind ours is no file of ours', () => {
		const mixed = Buffer.concat([gzip, gzipSync('more')]);
		expect(readText(mixed, index.length + 4)).toBe(`${index}more`);
	});

	test.each<[string, Buffer, number]>([
		['nothing', Buffer.alloc(0), 0],
		['no gzip', Buffer.from('Package: a\n'), 11],
		['other members than are listed', gzip, index.length - 1],
		[
			'less in one member than it is',
			changed((bytes) => bytes.writeUInt32LE(99 * STANZA_BYTES, 20)),
			150 * STANZA_BYTES,
		],
		[
			'more in one member than it is',
			changed((bytes) => bytes.writeUInt32LE(101 * STANZA_BYTES, 20)),
			152 * STANZA_BYTES,
		],
		['something in an empty member', changed((bytes) => bytes.writeUInt32LE(0, 20)), 51 * STANZA_BYTES],
		['damaged content', changed((bytes) => bytes.fill(0xff, 24, 40)), index.length],
		['a file that is cut off', gzip.subarray(0, -1), index.length],
		['a file of half a header', gzip.subarray(0, 20), index.length],
		['a file that ends in the size of its member', gzip.subarray(0, 18), index.length],
		['a member that ends in its header', changed((bytes) => bytes.writeUInt32LE(31, 16)), index.length],
		['plain text of another size, more', gzipSync('abc'), 2],
		['plain text of another size, less', gzipSync('abc'), 4],
	])('%s is refused', (_name, bytes, size) => {
		const read = (): string => readText(bytes, size);
		// Where ours is damaged in its sizes it may still be a whole gzip file: then it is read as one of another tool.
		if (bytes.length === gzip.length && bytes.readUInt32LE(16) === 31) expect(read()).toBe(index.toString());
		else expect(read).toThrow(refused);
	});

	test.each([gzip.length + 1, 0])('a member that says it has %d bytes is one of another tool', (length) => {
		expect(readText(changed((bytes) => bytes.writeUInt32LE(length, 16)))).toBe(index.toString());
	});

	test('nothing is unpacked further than its size is said to be', () => {
		const small = changed((bytes) => bytes.writeUInt32LE(99 * STANZA_BYTES, 20));
		expect(() => readText(small, 150 * STANZA_BYTES)).toThrow('that does not unpack');
		expect(() => readText(gzipSync('abc'), 1)).toThrow('that does not unpack');
	});

	test('what is wrong is said', () => {
		const short = changed((bytes) => bytes.writeUInt32LE(101 * STANZA_BYTES, 20));
		expect(() => readText(short, 152 * STANZA_BYTES)).toThrow(
			`with a member of ${100 * STANZA_BYTES} bytes that says ${101 * STANZA_BYTES}`,
		);
		expect(() => readText(gzip, 5)).toThrow(`of ${index.length} bytes where 5 are listed`);
		expect(() => readText(Buffer.from('x'), 1)).toThrow('that does not unpack');
	});
});
