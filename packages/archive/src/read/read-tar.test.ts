import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { toTarBytes } from '../write-tar.ts';
import type { ArchiveLimits } from './limits.ts';
import { readTar } from './read-tar.ts';

interface Raw {
	name?: string | Buffer;
	type?: string;
	content?: string | Buffer;
	size?: string;
	mode?: string;
	link?: string;
	prefix?: string;
	magic?: string;
	checksum?: string;
}

/** One header and its content, byte for byte; whatever is named is written, right or wrong. */
const raw = ({
	name = 'a',
	type = '0',
	content = '',
	mode = '0000644',
	link = '',
	...more
}: Raw = {}): Buffer => {
	const block = Buffer.alloc(512);
	const size = more.size ?? Buffer.byteLength(content).toString(8).padStart(11, '0');
	Buffer.from(name).copy(block, 0, 0, 100);
	block.write(`${mode}\0`, 100, 'latin1');
	block.write('0000000\0', 108, 'latin1');
	block.write('0000000\0', 116, 'latin1');
	block.write(size, 124, 12, 'latin1');
	block.write('14524770000\0', 136, 'latin1');
	block.write(type, 156, 'latin1');
	block.write(link, 157, 100);
	block.write(more.magic ?? 'ustar\x0000', 257, 'latin1');
	block.write(more.prefix ?? '', 345, 155);
	block.fill(' ', 148, 156);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(more.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	const padding = (512 - (Buffer.byteLength(content) % 512)) % 512;
	return Buffer.concat([block, Buffer.from(content), Buffer.alloc(padding)]);
};
const END = Buffer.alloc(1024);
const tar = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, END]);
const paxRecord = (key: string, value: string | Buffer): Buffer => {
	const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
	let length = rest.length + 1;
	while (String(length).length + rest.length !== length) length += 1;
	return Buffer.concat([Buffer.from(String(length)), rest]);
};
const pax = (key: string, value: string | Buffer, type = 'x'): Buffer =>
	raw({ name: 'pax', type, content: paxRecord(key, value) });
const file = (name: string): Buffer => raw({ name, content: 'x' });
const folder = (name: string): Buffer => raw({ name, type: '5', mode: '0000755' });
const symlink = (name: string, link: string): Buffer => raw({ name, type: '2', link });
const hardlink = (name: string, link: string): Buffer => raw({ name, type: '1', link });

const refusals: readonly [name: string, code: string, archive: Buffer, limits?: Partial<ArchiveLimits>][] = [
	// H4: paths
	['..', 'PATH_UNSAFE', tar(file('..'))],
	['../ in front', 'PATH_UNSAFE', tar(file('../a'))],
	['.. in the middle', 'PATH_UNSAFE', tar(file('a/../../b'))],
	['.. behind ./', 'PATH_UNSAFE', tar(file('./../a'))],
	['.. at the end', 'PATH_UNSAFE', tar(folder('a/..'))],
	['an absolute path', 'PATH_UNSAFE', tar(file('/etc/passwd'))],
	['an absolute path behind ./', 'PATH_UNSAFE', tar(file('.//etc/passwd'))],
	['an absolute prefix', 'PATH_UNSAFE', tar(raw({ prefix: '/etc', name: 'passwd' }))],
	['.. in the prefix', 'PATH_UNSAFE', tar(raw({ prefix: '..', name: 'a' }))],
	['an absolute pax path', 'PATH_UNSAFE', tar(pax('path', '/etc/passwd'), file('a'))],
	['.. in a pax path', 'PATH_UNSAFE', tar(pax('path', 'a/../../b'), file('a'))],
	['.. in a GNU long name', 'PATH_UNSAFE', tar(raw({ type: 'L', content: '../a\0' }), file('a'))],
	['a drive', 'PATH_UNSAFE', tar(file('C:/a'))],
	['a drive-relative path', 'PATH_UNSAFE', tar(file('C:a'))],
	['a backslash', 'PATH_UNSAFE', tar(file('a\\..\\b'))],
	['a UNC path', 'PATH_UNSAFE', tar(file('\\\\host\\share'))],
	['NUL in a pax path', 'PATH_UNSAFE', tar(pax('path', 'a\0.txt'), file('a'))],
	['NUL in a GNU long name', 'PATH_UNSAFE', tar(raw({ type: 'L', content: 'a\0b\0' }), file('a'))],
	['a line feed', 'PATH_UNSAFE', tar(file('a\nb'))],
	['an escape sequence', 'PATH_UNSAFE', tar(file('\u001b[31ma'))],
	['right-to-left override (H6)', 'PATH_UNSAFE', tar(file('a\u202egpj.exe'))],
	['zero-width space (H6)', 'PATH_UNSAFE', tar(file('a\u200bb'))],
	['a name that is not UTF-8', 'PATH_UNSAFE', tar(raw({ name: Buffer.from([0x61, 0xff]) }))],
	['an empty name', 'PATH_UNSAFE', tar(raw({ name: '' }))],
	['an empty segment', 'PATH_UNSAFE', tar(file('a//b'))],
	['a . segment', 'PATH_UNSAFE', tar(file('a/./b'))],
	// H4: links
	['a link to above', 'LINK_UNSAFE', tar(symlink('a', '../x'))],
	['a link from a folder to above', 'LINK_UNSAFE', tar(symlink('a/b', '../../x'))],
	['an absolute link', 'LINK_UNSAFE', tar(symlink('a', '/etc/passwd'))],
	['a link up and down again', 'LINK_UNSAFE', tar(symlink('a', '../package/b'))],
	[
		'a chain of links to above',
		'LINK_UNSAFE',
		tar(folder('d'), folder('d/e'), symlink('p', 'd/e/..'), symlink('q', 'p/../..')),
	],
	[
		'two links that look harmless alone',
		'LINK_UNSAFE',
		tar(symlink('q', 'd'), symlink('d', '.'), symlink('p', 'q/..')),
	],
	['a circle of links', 'LINK_UNSAFE', tar(symlink('a', 'b'), symlink('b', 'a'))],
	['a link to itself', 'LINK_UNSAFE', tar(symlink('a', 'a'))],
	['a link with a backslash', 'LINK_UNSAFE', tar(symlink('a', '..\\x'))],
	['a link to a drive', 'LINK_UNSAFE', tar(symlink('a', 'C:x'))],
	['an empty link', 'LINK_UNSAFE', tar(symlink('a', ''))],
	['a file below a link', 'LINK_UNSAFE', tar(symlink('a', 'b'), file('a/x'))],
	['a file below a link that comes later', 'LINK_UNSAFE', tar(file('a/x'), symlink('a', 'b'))],
	['a file below a link in other case', 'LINK_UNSAFE', tar(symlink('A', 'b'), file('a/x'))],
	['a link in a pax header to above', 'LINK_UNSAFE', tar(pax('linkpath', '../x'), symlink('a', 'b'))],
	['a GNU long link to above', 'LINK_UNSAFE', tar(raw({ type: 'K', content: '../x\0' }), symlink('a', 'b'))],
	['a hard link to nothing', 'LINK_UNSAFE', tar(hardlink('a', 'b'))],
	['a hard link to what comes later', 'LINK_UNSAFE', tar(hardlink('a', 'b'), file('b'))],
	['a hard link to above', 'PATH_UNSAFE', tar(hardlink('a', '../b'))],
	['an absolute hard link', 'PATH_UNSAFE', tar(hardlink('a', '/etc/passwd'))],
	['a hard link to a link', 'LINK_UNSAFE', tar(symlink('l', 'x'), hardlink('a', 'l'))],
	['a hard link to a hard link', 'LINK_UNSAFE', tar(file('f'), hardlink('a', 'f'), hardlink('b', 'a'))],
	['a hard link in other case', 'LINK_UNSAFE', tar(file('f'), hardlink('a', 'F'))],
	// H4: collisions
	['the same path twice', 'DUPLICATE', tar(file('a'), file('a'))],
	['the same path with ./', 'DUPLICATE', tar(file('a'), file('./a'))],
	['a folder twice', 'DUPLICATE', tar(folder('a'), folder('a/'))],
	['a file and a folder', 'DUPLICATE', tar(file('a'), folder('a/'))],
	['other case', 'DUPLICATE', tar(file('README'), file('readme'))],
	['other case of a folder', 'DUPLICATE', tar(file('A'), file('a/b'))],
	['NFC and NFD', 'DUPLICATE', tar(file('caf\u00e9'), file('cafe\u0301'))],
	['sharp s and SS', 'DUPLICATE', tar(file('stra\u00dfe'), file('STRASSE'))],
	['long s', 'DUPLICATE', tar(file('s'), file('\u017f'))],
	['a file that is a folder too', 'DUPLICATE', tar(file('a'), file('a/b'))],
	// H5: what entries may be
	['a character device', 'ENTRY_REFUSED', tar(raw({ type: '3' }))],
	['a block device', 'ENTRY_REFUSED', tar(raw({ type: '4' }))],
	['a fifo', 'ENTRY_REFUSED', tar(raw({ type: '6' }))],
	['a sparse file of GNU', 'ENTRY_REFUSED', tar(raw({ type: 'S', magic: 'ustar  \0' }))],
	['a sparse file of pax', 'ENTRY_REFUSED', tar(pax('GNU.sparse.major', '1'), file('a'))],
	['a contiguous file', 'ENTRY_REFUSED', tar(raw({ type: '7' }))],
	['a dump folder', 'ENTRY_REFUSED', tar(raw({ type: 'D' }))],
	['an unknown type', 'ENTRY_REFUSED', tar(raw({ type: 'Z' }))],
	['set-user-id', 'ENTRY_REFUSED', tar(raw({ mode: '0004755' }))],
	['set-group-id', 'ENTRY_REFUSED', tar(raw({ mode: '0002755' }))],
	['a sticky file', 'ENTRY_REFUSED', tar(raw({ mode: '0001755' }))],
	// H5: limits
	['8 GiB declared', 'LIMIT_EXCEEDED', tar(raw({ size: '77777777777' }))],
	['8 GiB declared by pax', 'LIMIT_EXCEEDED', tar(pax('size', '8589934592'), raw())],
	['2^60 declared in base 256', 'CORRUPT', tar(raw({ size: '\x80\0\0\0\x10\0\0\0\0\0\0\0' }))],
	['too many entries', 'LIMIT_EXCEEDED', tar(file('a'), file('b'), file('c')), { maxEntries: 2 }],
	['too large an entry', 'LIMIT_EXCEEDED', tar(raw({ content: '12345' })), { maxEntryBytes: 4 }],
	['too large in total', 'LIMIT_EXCEEDED', tar(file('a'), file('b'), file('c')), { maxTotalBytes: 2 }],
	['too deep', 'LIMIT_EXCEEDED', tar(raw({ prefix: 'd/'.repeat(70).slice(0, -1), name: 'a' }))],
	['a huge pax header', 'LIMIT_EXCEEDED', tar(pax('comment', 'x'.repeat(1_100_000)), file('a'))],
	// What readers disagree about
	[
		'a second path in one pax header',
		'AMBIGUOUS',
		tar(
			raw({ type: 'x', content: Buffer.concat([paxRecord('path', 'a'), paxRecord('path', 'b')]) }),
			file('c'),
		),
	],
	['a pax and a GNU name', 'AMBIGUOUS', tar(pax('path', 'a'), raw({ type: 'L', content: 'b\0' }), file('c'))],
	['two pax headers', 'AMBIGUOUS', tar(pax('path', 'a'), pax('path', 'b'), file('c'))],
	['another size in pax', 'AMBIGUOUS', tar(pax('size', '0'), file('c'))],
	['a path in a global header', 'AMBIGUOUS', tar(pax('path', 'a', 'g'), file('c'))],
	['a size in a global header', 'AMBIGUOUS', tar(pax('size', '512', 'g'), file('c'))],
	['names in another character set', 'AMBIGUOUS', tar(pax('hdrcharset', 'BINARY'), file('c'))],
	['a folder with content', 'AMBIGUOUS', tar(raw({ type: '5', content: 'x' }))],
	['a link with content', 'AMBIGUOUS', tar(raw({ type: '2', link: 'b', content: 'x' }))],
	['an old folder with content', 'AMBIGUOUS', tar(raw({ name: 'a/', content: 'x' }))],
	['content after the end', 'AMBIGUOUS', Buffer.concat([tar(file('a')), tar(file('b'))])],
	// Damage
	['no tar at all', 'CORRUPT', Buffer.alloc(1024, 'x')],
	['a wrong checksum', 'CORRUPT', tar(raw({ checksum: '0000001\0' }))],
	['another magic', 'CORRUPT', tar(raw({ magic: 'xstar\x0000' }))],
	['a size that is no octal number', 'CORRUPT', tar(raw({ size: '00000000009\0' }))],
	['a size with text behind', 'CORRUPT', tar(raw({ size: '1 2' }))],
	['a negative size', 'CORRUPT', tar(raw({ size: `\xff${'\xff'.repeat(11)}` }))],
	['a pax record without length', 'CORRUPT', tar(raw({ type: 'x', content: 'path=a\n' }), file('a'))],
	['a pax record that is too long', 'CORRUPT', tar(raw({ type: 'x', content: '99 path=a\n' }), file('a'))],
	['a pax record without =', 'CORRUPT', tar(raw({ type: 'x', content: '7 path\n' }), file('a'))],
	['a pax size that is none', 'CORRUPT', tar(pax('size', '0x10'), file('a'))],
	['nothing', 'TRUNCATED', Buffer.alloc(0)],
	['no end', 'TRUNCATED', file('a')],
	['an end in the content', 'TRUNCATED', tar(raw({ content: 'x'.repeat(600) })).subarray(0, 700)],
	['an extended header without entry', 'TRUNCATED', tar(pax('path', 'a'))],
];

// Functions instead of bytes: the runner would print every byte of a case into its title.
const attempts = refusals.map(
	([name, code, archive, limits]) => [name, code, () => readTar(archive, limits)] as const,
);

test.each(attempts)('refuses %s: ARCHIVE_%s (H4, H5)', (_name, code, read) => {
	expect(read).toThrow(expect.objectContaining({ name: 'SlipwayError', code: `ARCHIVE_${code}` }));
});

test('a million entries end at the default limit', () => {
	const one = raw({ name: '00000000' });
	const base = Number.parseInt(one.toString('latin1', 148, 154), 8);
	const archive = Buffer.alloc(512 * 100_001);
	for (let index = 0; index <= 100_000; index += 1) {
		const name = String(index).padStart(8, '0');
		const sum = base + [...name].reduce((total, digit) => total + Number(digit), 0);
		one.copy(archive, index * 512);
		archive.write(name, index * 512, 'latin1');
		archive.write(sum.toString(8).padStart(6, '0'), index * 512 + 148, 'latin1');
	}
	expect(() => readTar(archive)).toThrow(expect.objectContaining({ code: 'ARCHIVE_LIMIT_EXCEEDED' }));
});

test('accepts what is plain: folders, links inside, every dialect of names', () => {
	const long = `${'deep/'.repeat(40)}name`;
	const entries = readTar(
		tar(
			pax('comment', 'a commit', 'g'),
			folder('./'),
			folder('./usr/'),
			raw({ name: './usr/tool', mode: '0100755', content: 'run' }),
			symlink('usr/link', '../usr/tool'),
			hardlink('usr/hard', './usr/tool'),
			raw({ name: 'old/', magic: '\0\0\0\0\0\0\0\0' }),
			raw({ prefix: 'pre/fix', name: 'name' }),
			pax('path', long),
			file('cut'),
			raw({ name: '././@LongLink', type: 'L', content: `gnu/${long}\0`, magic: 'ustar  \0' }),
			raw({ name: 'cut', content: 'gnu', magic: 'ustar  \0' }),
			pax('mtime', '1700000000.5'),
			file('colon:and*star'),
			raw({ type: '5', name: 'tmp', mode: '0001777' }),
		),
	);
	expect(entries.map(({ path, type }) => `${type} ${path}`)).toEqual([
		'directory .',
		'directory usr',
		'file usr/tool',
		'symlink usr/link',
		'hardlink usr/hard',
		'directory old',
		'file pre/fix/name',
		`file ${long}`,
		`file gnu/${long}`,
		'file colon:and*star',
		'directory tmp',
	]);
	const [, , tool, link, hard] = entries;
	expect(tool).toMatchObject({ mode: 0o755, size: 3, mtime: 0o14524770000 });
	expect(Buffer.from(tool?.bytes ?? []).toString()).toBe('run');
	expect([link?.linkName, hard?.linkName]).toEqual(['../usr/tool', 'usr/tool']);
	expect(entries.at(-2)?.mtime).toBe(1_700_000_000.5);
});

test('absolute links are accepted where the archive is an installed root', () => {
	const archive = tar(
		symlink('usr/bin/x', '/etc/alternatives/x'),
		symlink('etc/alternatives/x', '/usr/bin/y'),
	);
	expect(readTar(archive, { absoluteLinks: true })).toHaveLength(2);
	const escaping = tar(symlink('a', '/../x'));
	expect(() => readTar(escaping, { absoluteLinks: true })).toThrow(
		expect.objectContaining({ code: 'ARCHIVE_LINK_UNSAFE' }),
	);
});

test('reads what our writer writes', () => {
	const name = `${'long-'.repeat(50)}name`;
	const archive = toTarBytes(
		[
			{ type: 'directory', name: 'd', mode: 0o755 },
			{ type: 'file', name: `d/${name}`, mode: 0o644, content: Buffer.from('content') },
			{ type: 'symlink', name: 'd/l', target: name },
		],
		{ mtime: 1_700_000_000 },
	);
	expect(readTar(archive)).toMatchObject([
		{ path: 'd', type: 'directory', mtime: 1_700_000_000 },
		{ path: `d/${name}`, size: 7, owner: { uid: 0, user: 'root' } },
		{ path: 'd/l', linkName: name },
	]);
});

describeWith('tar', 'the real tar', () => {
	test.each(['gnu', 'pax', 'ustar', 'v7'])('writes with --format=%s what we read', (format) => {
		const root = mkdtempSync(join(tmpdir(), 'slipway-tar-'));
		const deep = format === 'v7' ? 'deep' : 'deep'.repeat(20);
		const inner = deep.slice(0, 60);
		mkdirSync(join(root, 'in', deep, inner), { recursive: true });
		writeFileSync(join(root, 'in', deep, inner, 'caf\u00e9'), 'content');
		symlinkSync('deep', join(root, 'in', 'link'));
		const options = [`--format=${format}`, '-cf', '../out.tar', '.'];
		const made = spawnSync('tar', options, { cwd: join(root, 'in'), encoding: 'utf8' });
		expect(made.stderr).toBe('');
		const paths = readTar(readFileSync(join(root, 'out.tar'))).map(({ path }) => path);
		rmSync(root, { recursive: true });
		expect(paths.sort()).toEqual(
			['.', 'link', deep, `${deep}/${inner}`, `${deep}/${inner}/caf\u00e9`].sort(),
		);
	});
});
