import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type TarEntry, toAr, toTarBytes } from '@slipway/archive';
import { makeDeb } from './make-deb.ts';
import { GREET, toContext, toDefinition, withFolder, writeGreet } from './sample-projects.fixture.ts';
import { unpackDeb } from './unpack-deb.ts';

const CONTROL = 'Package: x1\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n';
const toDeb = (entries: readonly TarEntry[]): Buffer => {
	const tar = (list: readonly TarEntry[]) => [gzipSync(toTarBytes(list, { mtime: 0 }))];
	const control: TarEntry = { type: 'file', name: './control', mode: 0o644, content: Buffer.from(CONTROL) };
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: tar([control]) },
		{ name: 'data.tar.gz', content: tar(entries) },
	];
	return Buffer.concat([...toAr(members, { mtime: 0 })]);
};

test('unpacks files with their mode, folders and links', () =>
	withFolder(async (folder) => {
		await writeGreet(folder);
		const definition = toDefinition(GREET);
		const request = { definition, projectFolder: folder, version: '1.2.0', sourceDateEpoch: 0 };
		const { bytes } = await makeDeb(request, toContext(folder));
		const target = join(folder, 'target');
		await mkdir(target);
		await unpackDeb(bytes, target);
		expect(await readFile(join(target, 'usr/bin/greet'), 'utf8')).toContain('#!/usr/bin/env node');
		expect((await stat(join(target, 'usr/bin/greet'))).mode & 0o100).toBe(0o100);
		expect((await stat(join(target, 'etc/greet/greet.conf'))).mode & 0o111).toBe(0);
	}));

test('an absolute link stays inside the folder, a hard link is one', () =>
	withFolder(async (folder) => {
		const entries: readonly TarEntry[] = [
			{ type: 'symlink', name: './etc/link', target: '/usr/lib/file' },
			{ type: 'symlink', name: './root', target: '/' },
			{ type: 'file', name: './usr/lib/file', mode: 0o644, content: Buffer.from('x') },
			{ type: 'hardlink', name: './usr/lib/same', target: './usr/lib/file' },
		];
		await unpackDeb(toDeb(entries), folder);
		expect(await readlink(join(folder, 'etc/link'))).toBe('../usr/lib/file');
		expect(await readlink(join(folder, 'root'))).toBe('.');
		expect(await readFile(join(folder, 'etc/link'), 'utf8')).toBe('x');
		expect((await stat(join(folder, 'usr/lib/same'))).nlink).toBe(2);
	}));

test('refuses a folder with something in it, and a hostile package before anything is written', () =>
	withFolder(async (folder) => {
		const climbing: TarEntry = { type: 'file', name: './../evil', mode: 0o644, content: Buffer.from('x') };
		const plain: TarEntry = { type: 'file', name: './a', mode: 0o644, content: Buffer.from('x') };
		await expect(unpackDeb(toDeb([plain, climbing]), folder)).rejects.toThrow(
			expect.objectContaining({ code: 'DEB_INVALID' }),
		);
		expect(await readdir(folder)).toEqual([]);
		await writeFile(join(folder, 'mine'), '');
		await expect(unpackDeb(toDeb([plain]), folder)).rejects.toThrow(
			expect.objectContaining({ code: 'DEB_UNPACK_REFUSED' }),
		);
	}));
