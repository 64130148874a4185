import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type TarEntry, toAr, toTarBytes } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import { describeWith } from '@slipway/testing';
import fc from 'fast-check';
import { makeDeb } from './make-deb.ts';
import { debIdentity, readDeb, readDebControl } from './read-deb.ts';
import { GREET, toContext, toDefinition, withFolder, writeGreet } from './sample-projects.fixture.ts';

const CONTROL = [
	'Package: greet',
	'Version: 1:1.2.0-1',
	'Architecture: all',
	'Maintainer: Ada Lovelace <ada@example.org>',
	'Description: says hello',
	'',
].join('\n');

const file = (name: string, content: string | Uint8Array = 'x', mode = 0o644): TarEntry => ({
	type: 'file',
	name,
	mode,
	content: Buffer.from(content),
});
const tar = (...entries: TarEntry[]): Buffer =>
	toTarBytes([{ type: 'directory', name: './', mode: 0o755 }, ...entries], { mtime: 0 });

type Members = readonly (readonly [name: string, content: Uint8Array])[];
const format = ['debian-binary', Buffer.from('2.0\n')] as const;
const control = ['control.tar.gz', gzipSync(tar(file('./control', CONTROL)))] as const;
const data = ['data.tar.gz', gzipSync(tar(file('./usr')))] as const;
const deb = (...members: Members): Buffer =>
	Buffer.concat([
		...toAr(
			members.map(([name, content]) => ({ name, content: [content] })),
			{ mtime: 0 },
		),
	]);
const withControl = (...entries: TarEntry[]) =>
	deb(format, ['control.tar.gz', gzipSync(tar(...entries))], data);
const withData = (...entries: TarEntry[]) => deb(format, control, ['data.tar.gz', gzipSync(tar(...entries))]);

/** A tar of one entry whose type flag (and size) is changed, with a checksum that fits. */
const withRawEntry = (flag: string, size = 0): Buffer => {
	const bytes = tar(file('./odd', ''));
	const header = bytes.subarray(512, 1024);
	header.write(flag, 156, 'latin1');
	header.write(size.toString(8).padStart(11, '0'), 124, 'latin1');
	header.fill(' ', 148, 156);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return deb(format, control, ['data.tar.gz', gzipSync(bytes)]);
};

test('reads name, version with epoch, architecture and entries', async () => {
	const read = await readDeb(deb(format, control, data, ['_gpgorigin', Buffer.from('x')]));
	expect(read.control).toMatchObject({ name: 'greet', version: '1:1.2.0-1', architecture: 'all' });
	expect(read.entries.map(({ path }) => path)).toEqual(['.', 'usr']);
	expect([...read.controlFiles.keys()]).toEqual(['control']);
});

test('the identity is a purl, and other names are none of ours', async () => {
	expect(await debIdentity('any.deb', deb(format, control, data))).toEqual({
		purl: 'pkg:deb/greet@1:1.2.0-1?arch=all',
		mediaType: 'application/vnd.debian.binary-package',
	});
	expect(await debIdentity('greet.tgz', Buffer.from('x'))).toBeUndefined();
	await expect(debIdentity('greet.deb', Buffer.from('x'))).rejects.toThrow(
		expect.objectContaining({ code: 'DEB_INVALID' }),
	);
});

test('the control file is read without looking at the data', async () => {
	const damaged = deb(format, control, ['data.tar.gz', Buffer.from('x')]);
	expect(await readDebControl(damaged)).toMatchObject({ name: 'greet' });
	await expect(readDeb(damaged)).rejects.toThrow(expect.objectContaining({ code: 'DEB_INVALID' }));
});

const frame = zstdCompressSync(tar(file('./usr')));
const ZEROS = Buffer.alloc(64 * 1024 * 1024);
const refused: readonly [name: string, bytes: () => Uint8Array, code: string][] = [
	['nothing', () => Buffer.alloc(0), 'DEB_INVALID'],
	['another kind of file', () => Buffer.from('PK\u0003\u0004'), 'DEB_INVALID'],
	['no member', () => deb(), 'DEB_INVALID'],
	['no data.tar', () => deb(format, control), 'DEB_INVALID'],
	['data before control', () => deb(format, data, control), 'DEB_INVALID'],
	['no debian-binary', () => deb(control, data), 'DEB_INVALID'],
	['control twice', () => deb(format, control, control, data), 'DEB_INVALID'],
	['two controls in two formats', () => deb(format, control, ['control.tar', tar()], data), 'DEB_INVALID'],
	['an unknown fourth member', () => deb(format, control, data, ['more', data[1]]), 'DEB_INVALID'],
	['a "_" member before control', () => deb(format, ['_x', data[1]], control, data), 'DEB_INVALID'],
	['a "_" member first', () => deb(['_x', data[1]], format, control, data), 'DEB_INVALID'],
	[
		'17 members',
		() => deb(format, control, data, ...many(17, (i) => [`_${i}`, data[1]] as const)),
		'DEB_TOO_LARGE',
	],
	['format 3.0', () => deb(['debian-binary', Buffer.from('3.0\n')], control, data), 'DEB_INVALID'],
	['bzip2', () => deb(format, control, ['data.tar.bz2', Buffer.from('BZh9')]), 'DEB_INVALID'],
	['zstd that calls itself gzip', () => deb(format, control, ['data.tar.gz', frame]), 'DEB_INVALID'],
	['gzip that calls itself plain', () => deb(format, control, ['data.tar', data[1]]), 'DEB_INVALID'],
	[
		'two zstd frames',
		() => deb(format, control, ['data.tar.zst', Buffer.concat([frame, frame])]),
		'DEB_INVALID',
	],
	[
		'a skippable frame after a zstd frame',
		() =>
			deb(format, control, ['data.tar.zst', Buffer.concat([frame, Buffer.from('502a4d1800000000', 'hex')])]),
		'DEB_INVALID',
	],
	[
		'bytes after gzip',
		() => deb(format, control, ['data.tar.gz', Buffer.concat([data[1], Buffer.from('x')])]),
		'DEB_INVALID',
	],
	['a gzip bomb (H5)', () => deb(format, control, ['data.tar.gz', gzipSync(ZEROS)]), 'DEB_TOO_LARGE'],
	[
		'a zstd bomb (H5)',
		() => deb(format, control, ['data.tar.zst', zstdCompressSync(ZEROS)]),
		'DEB_TOO_LARGE',
	],
	['a control bomb (H5)', () => deb(format, ['control.tar.gz', gzipSync(ZEROS)], data), 'DEB_TOO_LARGE'],
	['8 GB declared (H5)', () => withRawEntry('0', 8_000_000_000), 'DEB_TOO_LARGE'],
	['1 GB declared and not there', () => withRawEntry('0', 1_000_000_000), 'DEB_INVALID'],
	['300 control files', () => withControl(...many(300, (i) => file(`./f${i}`))), 'DEB_TOO_LARGE'],
	['no control file', () => withControl(file('./md5sums')), 'DEB_INVALID'],
	[
		'control as a link',
		() => withControl({ type: 'symlink', name: './control', target: 'x' }, file('./x')),
		'DEB_INVALID',
	],
	[
		'control as a link outside (H4)',
		() => withControl({ type: 'symlink', name: './control', target: '/etc/passwd' }),
		'DEB_INVALID',
	],
	[
		'control as a hard link',
		() => withControl(file('./a', CONTROL), { type: 'hardlink', name: './control', target: './a' }),
		'DEB_INVALID',
	],
	[
		'control as a folder',
		() => withControl({ type: 'directory', name: './control', mode: 0o755 }),
		'DEB_INVALID',
	],
	['control in a folder', () => withControl(file('./x/control', CONTROL)), 'DEB_INVALID'],
	[
		'control twice in its tar',
		() => withControl(file('./control', CONTROL), file('control', CONTROL)),
		'DEB_INVALID',
	],
	[
		'a name with slashes in control',
		() => withControl(file('./control', CONTROL.replace('greet', '../x'))),
		'DEB_CONTROL_INVALID',
	],
	[
		'a fake stanza in control (H11)',
		() => withControl(file('./control', `${CONTROL}\n${CONTROL}`)),
		'DEB_CONTROL_INVALID',
	],
	[
		'a field of 1 MB in control (H11)',
		() => withControl(file('./control', `${CONTROL}X: ${'x'.repeat(1_000_000)}\n`)),
		'DEB_TOO_LARGE',
	],
	['".." in a path (H4)', () => withData(file('./../x')), 'DEB_INVALID'],
	['an absolute path (H4)', () => withData(file('/etc/x')), 'DEB_INVALID'],
	['a backslash (H4)', () => withData(file('./a\\b')), 'DEB_INVALID'],
	['a line feed in a path', () => withData(file('./a\nb')), 'DEB_INVALID'],
	['a right-to-left override (H6)', () => withData(file('./a\u202eb')), 'DEB_INVALID'],
	['a file twice (H4)', () => withData(file('./a'), file('./a')), 'DEB_INVALID'],
	['NFC and NFD of one name (H4)', () => withData(file('./\u00e9'), file('./e\u0301')), 'DEB_INVALID'],
	[
		'a file through a link (H4)',
		() => withData({ type: 'symlink', name: './a', target: '/etc' }, file('./a/b')),
		'DEB_INVALID',
	],
	[
		'a link that climbs out (H4)',
		() => withData({ type: 'symlink', name: './a', target: '../../etc' }),
		'DEB_INVALID',
	],
	[
		'a hard link outside (H4)',
		() => withData({ type: 'hardlink', name: './a', target: '/etc/passwd' }),
		'DEB_INVALID',
	],
	['a set-user-id file (H5)', () => withData(file('./a', 'x', 0o4755)), 'DEB_INVALID'],
	['a character device (H5)', () => withRawEntry('3'), 'DEB_INVALID'],
	['a block device (H5)', () => withRawEntry('4'), 'DEB_INVALID'],
	['a fifo (H5)', () => withRawEntry('6'), 'DEB_INVALID'],
	['a sparse file (H5)', () => withRawEntry('S'), 'DEB_INVALID'],
];

const many = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

test.each(refused)('refuses %s', async (_name, bytes, code) => {
	await expect(readDeb(bytes())).rejects.toThrow(expect.objectContaining({ code }));
});

test('says in which member something was wrong', async () => {
	await expect(readDeb(withData(file('./../x')))).rejects.toThrow(/^data\.tar\.gz: path /);
});

describe.each(['gzip', 'zstd'] as const)('damaged %s', (compression) => {
	const made = withFolder(async (folder) => {
		await writeGreet(folder);
		const definition = toDefinition({ ...GREET, compression });
		const request = { definition, projectFolder: folder, version: '1.2.0', sourceDateEpoch: 0 };
		return makeDeb(request, toContext(folder));
	});

	test('what is cut off anywhere is refused', async () => {
		const { bytes } = await made;
		const isRefused = async (length: number) => {
			await expect(readDeb(bytes.subarray(0, length))).rejects.toThrow(
				expect.objectContaining({ code: 'DEB_INVALID' }),
			);
		};
		// The last byte may be the padding of an odd member, which deb(5) readers can do without.
		await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 2), isRefused), { numRuns: 150 });
	});

	test('a changed byte gives the same content or one of our errors', async () => {
		const { bytes } = await made;
		const { uncompressedDigest } = await readDeb(bytes);
		const isSafe = async (offset: number, mask: number) => {
			const changed = Buffer.from(bytes);
			changed[offset] = (changed[offset] ?? 0) ^ mask;
			const found = await readDeb(changed).catch((error) => error);
			if (found instanceof Error) expect(found).toBeInstanceOf(SlipwayError);
			else expect(found.uncompressedDigest).toBe(uncompressedDigest);
		};
		await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), isSafe), {
			numRuns: 300,
		});
	});
});

test('what makeDeb made is read back', () =>
	withFolder(async (folder) => {
		await writeGreet(folder);
		const definition = toDefinition({ ...GREET, compression: 'gzip' });
		const request = { definition, projectFolder: folder, version: '1.2.0', sourceDateEpoch: 0 };
		const made = await makeDeb(request, toContext(folder));
		const read = await readDeb(made.bytes);
		expect(await debIdentity(made.fileName, made.bytes)).toMatchObject({ purl: made.purl });
		expect([...read.controlFiles.keys()]).toEqual(['conffiles', 'control', 'md5sums', 'postinst']);
		const changelog = read.entries.find(({ path }) => path === 'usr/share/doc/greet/changelog.Debian.gz');
		expect(gunzipSync(changelog?.bytes ?? '').toString()).toContain('greet (1.2.0-1) stable; urgency=medium');
	}));

describeWith('dpkg-deb', 'of dpkg-deb', () => {
	test.each(['none', 'gzip', 'xz', 'zstd'])('a package with %s is read', (compression) =>
		withFolder(async (folder) => {
			await mkdir(join(folder, 'p/DEBIAN'), { recursive: true });
			await writeFile(join(folder, 'p/DEBIAN/control'), CONTROL);
			await writeFile(join(folder, 'p/it'), 'hello');
			execFileSync('dpkg-deb', [`-Z${compression}`, '--build', 'p', 'it.deb'], { cwd: folder });
			const { control: read, entries } = await readDeb(await readFile(join(folder, 'it.deb')));
			expect(read.name).toBe('greet');
			expect(entries.map(({ path }) => path)).toEqual(['.', 'it']);
		}),
	);
});
