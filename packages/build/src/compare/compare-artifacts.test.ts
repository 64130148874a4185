import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type TarEntry, toAr, toTarBytes } from '@slipway/archive';
import fc from 'fast-check';
import { compareArtifacts } from './compare-artifacts.ts';
import { toDifferenceText } from './difference-text.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const file = (name: string, content = 'content', mode = 0o644): TarEntry => ({
	type: 'file',
	name,
	mode,
	content: bytes(content),
});
const tar = (entries: readonly TarEntry[], mtime = 1_700_000_000, owner = 'root'): Buffer =>
	toTarBytes(entries, { mtime, owner });
const deb = (data: Buffer): Buffer =>
	Buffer.concat([
		...toAr(
			[
				{ name: 'debian-binary', content: [bytes('2.0\n')] },
				{ name: 'data.tar.zst', content: [zstdCompressSync(data)] },
			],
			{ mtime: 0 },
		),
	]);
const texts = async (name: string, first: Buffer, second: Buffer): Promise<string[]> =>
	(await compareArtifacts(name, first, second)).map(toDifferenceText);

test('equal bytes have no difference, whatever they are', async () => {
	for (const same of [bytes(''), bytes('x'), tar([file('a')]), deb(tar([file('a')]))])
		expect(await compareArtifacts('a', same, Buffer.from(same))).toEqual([]);
});

test('plain files: offset, count and what stands there', async () => {
	expect(await compareArtifacts('a.txt', bytes('built in /tmp/one!'), bytes('built in /tmp/two!'))).toEqual([
		{
			path: ['a.txt'],
			kind: 'content',
			sizes: [18, 18],
			offset: 14,
			differingBytes: 3,
			excerpts: ['built in /tmp/one!', 'built in /tmp/two!'],
		},
	]);
});

test('one file that is the start of the other', async () => {
	expect(await compareArtifacts('a', bytes('abc'), bytes('abcde'))).toMatchObject([
		{ kind: 'content', sizes: [3, 5], offset: 3, differingBytes: 2 },
	]);
});

test('bytes that are no text are shown in hexadecimal', async () => {
	const [difference] = await compareArtifacts('a', Buffer.from([0, 1, 2, 255]), Buffer.from([0, 1, 3, 255]));
	expect(difference).toMatchObject({ offset: 2, excerpts: ['000102ff', '000103ff'] });
});

describe('inside a tar file', () => {
	const cases: [name: string, first: Buffer, second: Buffer, expected: string[]][] = [
		[
			'a member only in the first',
			tar([file('a'), file('b')]),
			tar([file('a')]),
			['x.tar > b: only in the first build'],
		],
		[
			'a member only in the second',
			tar([file('a')]),
			tar([file('a'), file('b')]),
			['x.tar > b: only in the second build'],
		],
		[
			'order',
			tar([file('a'), file('b')]),
			tar([file('b'), file('a')]),
			['x.tar: members in another order, from a / b'],
		],
		['mode', tar([file('a', 'c', 0o644)]), tar([file('a', 'c', 0o600)]), ['x.tar > a: mode 0644 / 0600']],
		[
			'mtime',
			tar([file('a')], 0),
			tar([file('a')], 1),
			['x.tar > a: mtime 0 (1970-01-01T00:00:00.000Z) / 1 (1970-01-01T00:00:01.000Z)'],
		],
		[
			'owner',
			tar([file('a')], 0, 'root'),
			tar([file('a')], 0, 'ada'),
			['x.tar > a: owner 0:0 root:root / 0:0 ada:ada'],
		],
		[
			'link target',
			tar([{ type: 'symlink', name: 'a', target: 'b' }]),
			tar([{ type: 'symlink', name: 'a', target: 'c' }]),
			['x.tar > a: link b / c'],
		],
		[
			'type',
			tar([file('a', '', 0o755)]),
			tar([{ type: 'directory', name: 'a', mode: 0o755 }]),
			['x.tar > a: type file / directory'],
		],
		[
			'content',
			tar([file('a', 'one')]),
			tar([file('a', 'onE')]),
			['x.tar > a: 1 bytes of 3 differ, the first at offset 2\n      first  one\n      second onE'],
		],
		[
			'more zeros at the end',
			tar([file('a')]),
			Buffer.concat([tar([file('a')]), Buffer.alloc(512)]),
			['x.tar: the same inside, but packed differently from offset 2048 (2048 / 2560 bytes)'],
		],
	];

	test.each(
		cases.map(
			([name, first, second, expected]) => [name, () => texts('x.tar', first, second), expected] as const,
		),
	)('%s', async (_name, compare, expected) => {
		expect(await compare()).toEqual(expected);
	});
});

describe('inside compressed files', () => {
	test('fields of the gzip header', async () => {
		const first = gzipSync(bytes('x'));
		const second = Buffer.from(first);
		second.writeUInt32LE(5, 4);
		second[9] = 255;
		expect(await texts('x.gz', first, second)).toEqual([
			'x.gz: gzip mtime 0 / 5',
			`x.gz: gzip system ${first[9]} / 255`,
		]);
	});

	test('a name in the gzip header', async () => {
		const plain = gzipSync(bytes('x'));
		const named = (name: string): Buffer => {
			const header = Buffer.from(plain.subarray(0, 10));
			header[3] = 8;
			return Buffer.concat([header, bytes(`${name}\0`), plain.subarray(10)]);
		};
		expect(await texts('x.gz', named('one'), named('two'))).toEqual(['x.gz: gzip name one / two']);
	});

	test('another level of compression alone', async () => {
		const content = bytes(Array.from({ length: 5000 }, (_, index) => `${index * index} content`).join('\n'));
		const [first, second] = [5, 6].map((level) => gzipSync(content, { level }));
		if (!first || !second) throw new Error('no archive');
		expect(await compareArtifacts('x.gz', first, second)).toMatchObject([
			{ path: ['x.gz'], kind: 'encoding' },
		]);
	});

	test('a .tgz: member by member', async () => {
		const [first, second] = [tar([file('package/a', 'one')]), tar([file('package/a', 'two')])].map((one) =>
			gzipSync(one),
		);
		if (!first || !second) throw new Error('no archive');
		expect((await compareArtifacts('x.tgz', first, second)).map(({ path }) => path)).toEqual([
			['x.tgz', 'x.tar', 'package/a'],
		]);
	});

	test('a .deb: through ar, zstd and tar, down to a gzip inside', async () => {
		const name = 'usr/share/doc/x/changelog.gz';
		const make = (text: string): Buffer =>
			deb(tar([{ type: 'file', name, mode: 0o644, content: gzipSync(bytes(text)) }, file('usr/bin/x')]));
		expect(await compareArtifacts('x.deb', make('one'), make('two'))).toMatchObject([
			{
				path: [
					'x.deb',
					'data.tar.zst',
					'data.tar',
					'usr/share/doc/x/changelog.gz',
					'usr/share/doc/x/changelog',
				],
				kind: 'content',
				differingBytes: 3,
			},
		]);
	});
});

test('an archive that is refused, damaged or of another format is compared as plain bytes', async () => {
	const good = tar([file('a', 'one')]);
	const damaged = Buffer.from(good);
	damaged[0] = 0x7a; // the checksum does not hold any more
	for (const [first, second] of [
		[good, damaged],
		[gzipSync(good), gzipSync(good).subarray(0, 40)],
		[good, gzipSync(good)],
	] as const)
		expect(await compareArtifacts('x', first, second)).toMatchObject([{ path: ['x'], kind: 'content' }]);
});

test('nesting ends', async () => {
	const nest = (content: Buffer): Buffer => {
		let nested = content;
		for (let depth = 0; depth < 20; depth += 1) nested = gzipSync(nested);
		return nested;
	};
	const [difference] = await compareArtifacts('x', nest(bytes('one')), nest(bytes('two')));
	expect(difference?.path.length).toBeLessThan(10);
});

test('a name of a member cannot write into the report', async () => {
	const [text] = await texts('x\u001b[31m\n', bytes('a'), bytes('b'));
	expect(text).toContain('x\\u{1b}[31m\\u{a}: 1 bytes');
});

test('property: differences are found exactly where bytes differ', async () => {
	const content = fc.uint8Array({ maxLength: 300 });
	await fc.assert(
		fc.asyncProperty(content, content, async (a, b) => {
			const wrap = (inner: Uint8Array): Buffer =>
				gzipSync(tar([{ type: 'file', name: 'a', mode: 0o644, content: inner }]));
			const differences = await compareArtifacts('x.tgz', wrap(a), wrap(b));
			const equal = Buffer.compare(a, b) === 0;
			expect(differences.length === 0).toBe(equal);
			const [first] = differences;
			if (first?.kind === 'content') {
				const expected = [...a.keys(), a.length].find((index) => a[index] !== b[index]);
				expect(first.offset).toBe(Math.min(expected ?? 0, b.length));
			}
		}),
		{ numRuns: 100 },
	);
});
