import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { compareTarNames, type TarEntry, toTar, toTarBytes, toTarSize } from './write-tar.ts';

const MTIME = 1_700_000_000;
const text = (value: string) => new TextEncoder().encode(value);
const file = (name: string, content = 'x', mode = 0o644): TarEntry => ({
	type: 'file',
	name,
	mode,
	content: text(content),
});

const longFolder = `./${'f'.repeat(120)}/`;
const entries: readonly TarEntry[] = [
	{ type: 'directory', name: './', mode: 0o755 },
	file('./block', 'b'.repeat(512)),
	file('./empty', ''),
	file('./exactly', 'e'.repeat(513), 0o755),
	{ type: 'directory', name: longFolder, mode: 0o755 },
	file(`./${'n'.repeat(98)}`, 'one hundred bytes of name'),
	file(`./${'n'.repeat(99)}`, 'one more'),
	{ type: 'hardlink', name: './hard', target: './exactly' },
	{ type: 'symlink', name: './soft', target: '../elsewhere' },
	{ type: 'symlink', name: './soft-long', target: `../${'t'.repeat(150)}` },
	file('./\u00fcn\u00ef', 'names are UTF-8'),
];

describeWith('tar', 'GNU tar', () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'slipway-tar-'));
		writeFileSync(join(folder, 'it.tar'), toTarBytes(entries, { mtime: MTIME }));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test('lists owner, mode, time and every name', () => {
		const listing = execFileSync('tar', ['--list', '--verbose', '--full-time', '--utc', '-f', 'it.tar'], {
			cwd: folder,
			env: { ...process.env, LC_ALL: 'C.UTF-8' },
			encoding: 'utf8',
		});
		const lines = listing.trimEnd().split('\n');
		expect(lines).toHaveLength(entries.length);
		expect(lines[0]).toMatch(/^drwxr-xr-x root\/root +0 2023-11-14 22:13:20 \.\/$/);
		expect(lines[3]).toMatch(/^-rwxr-xr-x root\/root +513 2023-11-14 22:13:20 \.\/exactly$/);
		expect(lines[7]).toMatch(/ \.\/hard link to \.\/exactly$/);
		expect(listing).toContain(longFolder);
	});

	test('extracts contents, links and long names', () => {
		execFileSync('tar', ['-xf', 'it.tar'], { cwd: folder });
		expect(readFileSync(join(folder, `${'n'.repeat(98)}`), 'utf8')).toBe('one hundred bytes of name');
		expect(readFileSync(join(folder, `${'n'.repeat(99)}`), 'utf8')).toBe('one more');
		expect(readFileSync(join(folder, 'block'), 'utf8')).toBe('b'.repeat(512));
		expect(readlinkSync(join(folder, 'soft'))).toBe('../elsewhere');
		expect(readlinkSync(join(folder, 'soft-long'))).toHaveLength(153);
		expect(statSync(join(folder, 'hard')).ino).toBe(statSync(join(folder, 'exactly')).ino);
		expect(readFileSync(join(folder, '\u00fcn\u00ef'), 'utf8')).toBe('names are UTF-8');
	});

	test('a size above 8 GiB is written in base 256', () => {
		const size = 9 * 1024 ** 3;
		const [header] = toTar(
			[{ type: 'file', name: 'big', mode: 0o644, content: { size, read: () => new Uint8Array(size) } }],
			{ mtime: MTIME },
		);
		writeFileSync(join(folder, 'big.tar'), header ?? '');
		const { stdout } = spawnSync('tar', ['--list', '--verbose', '-f', 'big.tar'], {
			cwd: folder,
			encoding: 'utf8',
		});
		expect(stdout).toContain(String(size));
	});
});

test('the size is known before any content is read, and lazy content gives the same bytes', () => {
	const lazy = entries.map((entry): TarEntry => {
		if (entry.type !== 'file' || 'read' in entry.content) return entry;
		const { content } = entry;
		return { ...entry, content: { size: content.length, read: () => content } };
	});
	const eager = toTarBytes(entries, { mtime: MTIME });
	expect(eager).toHaveLength(toTarSize(lazy));
	expect(eager.length % 512).toBe(0);
	expect(toTarBytes(lazy, { mtime: MTIME }).equals(eager)).toBe(true);
});

test('lazy content can be read to its place, and an empty one is read as well', () => {
	const seen: number[] = [];
	const content = (size: number) => ({
		size,
		read: (target: Uint8Array) => {
			seen.push(target.length);
			return target.fill(0x61);
		},
	});
	const lazy = [3, 0, 600].map((size): TarEntry => {
		return { type: 'file', name: `f${size}`, mode: 0o644, content: content(size) };
	});
	const eager = [3, 0, 600].map((size) => file(`f${size}`, 'a'.repeat(size)));
	expect(toTarBytes(lazy, { mtime: MTIME }).equals(toTarBytes(eager, { mtime: MTIME }))).toBe(true);
	expect(Buffer.concat([...toTar(lazy, { mtime: MTIME })]).equals(toTarBytes(eager, { mtime: MTIME }))).toBe(
		true,
	);
	expect(seen).toEqual([3, 0, 600, 3, 0, 600]);
});

test('contents are passed on without a copy', () => {
	const content = new Uint8Array(1024);
	const chunks = [...toTar([{ type: 'file', name: 'a', mode: 0o644, content }], { mtime: 0 })];
	expect(chunks[1]).toBe(content);
});

test('a folder gets its final slash and sorts before what is in it', () => {
	const names = ['./b/c', './b.txt', './b/', './', './B', './\u00e9', './z'];
	expect(names.sort(compareTarNames)).toEqual(['./', './B', './b.txt', './b/', './b/c', './z', './\u00e9']);
	const [header] = toTar([{ type: 'directory', name: 'a', mode: 0o755 }], { mtime: 0 });
	expect(Buffer.from(header ?? []).toString('latin1', 0, 3)).toBe('a/\0');
});

const refused: readonly [name: string, entry: TarEntry, mtime: number][] = [
	['a time before 1970', file('a'), -1],
	['a fraction of a second', file('a'), 1.5],
	['a NUL in a name', file('a\0b'), 0],
	['an empty name', file(''), 0],
	['a lone surrogate in a name', file('\ud800'), 0],
	['a NUL in a target', { type: 'symlink', name: 'a', target: 'b\0' }, 0],
	[
		'a file that shrank meanwhile',
		{ type: 'file', name: 'a', mode: 0o644, content: { size: 2, read: () => new Uint8Array(1) } },
		0,
	],
];
test.each(refused)('refuses %s', (_name, entry, mtime) => {
	expect(() => [...toTar([entry], { mtime })]).toThrow(/^expected /);
});
