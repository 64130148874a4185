import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { type DebRequest, type MadeDeb, makeDeb } from './make-deb.ts';
import { readDeb } from './read-deb.ts';
import { GREET, toContext, toDefinition, withFolder, writeGreet } from './sample-projects.fixture.ts';

const EPOCH = 1_700_000_000;

const make = (folder: string, definition: object, more: Partial<DebRequest> = {}): Promise<MadeDeb> =>
	makeDeb(
		{
			definition: toDefinition(definition),
			projectFolder: folder,
			version: '1.2.0',
			sourceDateEpoch: EPOCH,
			...more,
		},
		toContext(folder),
	);

const withGreet = <T>(task: (folder: string) => Promise<T>): Promise<T> =>
	withFolder(async (folder) => {
		await writeGreet(folder);
		return task(folder);
	});

const COMPRESSIONS = ['gzip', 'zstd', 'xz'] as const;
const toolOf = { gzip: 'dpkg-deb', zstd: 'dpkg-deb', xz: 'xz' };

describe.each(COMPRESSIONS)('%s', (compression) => {
	describeWith(toolOf[compression], `dpkg-deb reads ${compression}`, () => {
		test('control, contents and files', () =>
			withGreet(async (folder) => {
				const { bytes, fileName } = await make(folder, { ...GREET, compression });
				expect(fileName).toBe('greet_1.2.0-1_all.deb');
				await writeFile(join(folder, fileName), bytes);
				const dpkg = (...args: string[]) =>
					execFileSync('dpkg-deb', args, {
						cwd: folder,
						encoding: 'utf8',
						env: { ...process.env, TZ: 'UTC' },
					});
				expect(dpkg('--field', fileName, 'Package', 'Version', 'Installed-Size', 'Depends')).toBe(
					'Package: greet\nVersion: 1.2.0-1\nInstalled-Size: 22\nDepends: nodejs (>= 18)\n',
				);
				expect(dpkg('--ctrl-tarfile', fileName)).toContain('./postinst');
				expect(dpkg('--contents', fileName).split('\n')).toEqual([
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./etc/',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./etc/greet/',
					'-rw-r--r-- root/root        11 2023-11-14 22:13 ./etc/greet/greet.conf',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/bin/',
					'lrwxrwxrwx root/root         0 2023-11-14 22:13 ./usr/bin/greet -> ../lib/greet/greet.js',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/lib/',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/lib/greet/',
					'-rwxr-xr-x root/root        42 2023-11-14 22:13 ./usr/lib/greet/greet.js',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/lib/greet/words/',
					'-rw-r--r-- root/root      6000 2023-11-14 22:13 ./usr/lib/greet/words/en.txt',
					'-rw-r--r-- root/root         0 2023-11-14 22:13 ./usr/lib/greet/words/none',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/share/',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/share/doc/',
					'drwxr-xr-x root/root         0 2023-11-14 22:13 ./usr/share/doc/greet/',
					expect.stringMatching(
						/^-rw-r--r-- root\/root {7}\d{3} .* \.\/usr\/share\/doc\/greet\/changelog\.Debian\.gz$/,
					),
					expect.stringMatching(/^-rw-r--r-- root\/root {7}\d{3} .* \.\/usr\/share\/doc\/greet\/copyright$/),
					'',
				]);
				dpkg('--extract', fileName, 'x');
				expect(await readFile(join(folder, 'x/etc/greet/greet.conf'), 'utf8')).toBe('word=hello\n');
				expect(await readlink(join(folder, 'x/usr/bin/greet'))).toBe('../lib/greet/greet.js');
				dpkg('--control', fileName, 'c');
				expect((await readdir(join(folder, 'c'))).sort()).toEqual([
					'conffiles',
					'control',
					'md5sums',
					'postinst',
				]);
				expect(await readFile(join(folder, 'c/conffiles'), 'utf8')).toBe('/etc/greet/greet.conf\n');
				const checked = spawnSync('md5sum', ['--check', '--strict', '../c/md5sums'], {
					cwd: join(folder, 'x'),
				});
				expect(checked.status).toBe(0);
				const sums = await readFile(join(folder, 'c/md5sums'), 'utf8');
				expect(sums.split('\n').map((line) => line.slice(34))).toEqual([
					'usr/lib/greet/greet.js',
					'usr/lib/greet/words/en.txt',
					'usr/lib/greet/words/none',
					'usr/share/doc/greet/changelog.Debian.gz',
					'usr/share/doc/greet/copyright',
					'',
				]);
			}));

		test('the uncompressed digest is that of the tars dpkg-deb unpacks', () =>
			withGreet(async (folder) => {
				const { bytes } = await make(folder, { ...GREET, compression });
				await writeFile(join(folder, 'it.deb'), bytes);
				const { uncompressedDigest } = await readDeb(bytes);
				const hash = createHash('sha256');
				for (const tar of ['--ctrl-tarfile', '--fsys-tarfile'])
					hash.update(execFileSync('dpkg-deb', [tar, 'it.deb'], { cwd: folder }));
				expect(hash.digest('hex')).toBe(uncompressedDigest);
			}));
	});
});

describe('versions', () => {
	test('a pre-release, an epoch and a revision', () =>
		withGreet(async (folder) => {
			const made = await make(folder, { ...GREET, epoch: 2, revision: '3' }, { version: '1.2.0-rc.1' });
			expect(made).toMatchObject({
				fileName: 'greet_1.2.0~rc.1-3_all.deb',
				version: '2:1.2.0~rc.1-3',
				purl: 'pkg:deb/greet@2:1.2.0~rc.1-3?arch=all',
			});
		}));

	test('old code under a higher version', () =>
		withGreet(async (folder) => {
			const made = await make(folder, { ...GREET, supersedes: '1.1.0' });
			expect(made.fileName).toBe('greet_1.2.0+really1.1.0-1_all.deb');
		}));
});

test('a program for another machine is warned of', () =>
	withGreet(async (folder) => {
		await writeFile(
			join(folder, 'dist/native.node'),
			Buffer.from(`${'\u007fELF\u0002\u0001'.padEnd(18, '\0')}\u00b7\0`, 'latin1'),
		);
		const warnings: string[] = [];
		const context = toContext(folder);
		const log = { ...context.log, warning: (message: string) => warnings.push(message) };
		const request = {
			definition: toDefinition(GREET),
			projectFolder: folder,
			version: '1.2.0',
			sourceDateEpoch: EPOCH,
		};
		await makeDeb(request, { ...context, log });
		expect(warnings).toEqual(['/usr/lib/greet/native.node is a program for arm64, but the package says all']);
	}));

test('a package that brings its own copyright file needs no licence text besides', () =>
	withGreet(async (folder) => {
		await writeFile(join(folder, 'copyright'), 'mine');
		await writeFile(
			join(folder, 'package.json'),
			JSON.stringify({ description: 'x', license: 'LicenseRef-Own', author: 'A <a@example.org>' }),
		);
		await expect(make(folder, GREET)).rejects.toThrow(
			expect.objectContaining({ code: 'DEB_LICENSE_TEXT_MISSING' }),
		);
		const files = [...GREET.files, { source: 'copyright', target: '/usr/share/doc/greet/copyright' }];
		const { bytes } = await make(folder, { ...GREET, files, compression: 'gzip' });
		expect(bytes.length).toBeGreaterThan(1000);
	}));

type Spoil = (folder: string) => Promise<unknown>;
const nothing: Spoil = async () => {};
const failures: readonly [name: string, change: object, spoil: Spoil, code: string][] = [
	['a source that is missing', { files: [{ source: 'none', target: '/a' }] }, nothing, 'DEB_FILE_MISSING'],
	[
		'a source behind a link that leads out',
		{ files: [{ source: 'out/hostname', target: '/a' }] },
		(folder) => symlink('/etc', join(folder, 'out')),
		'DEB_FILE_UNSUPPORTED',
	],
	[
		'a link in a folder that leads out',
		{},
		(folder) => symlink('../../../../etc/passwd', join(folder, 'dist/link')),
		'DEB_FILE_UNSUPPORTED',
	],
	[
		'an absolute link in a folder',
		{},
		(folder) => symlink('/etc/passwd', join(folder, 'dist/link')),
		'DEB_FILE_UNSUPPORTED',
	],
	[
		'a fifo',
		{},
		async (folder) => execFileSync('mkfifo', [join(folder, 'dist/fifo')]),
		'DEB_FILE_UNSUPPORTED',
	],
	[
		'a line feed in a file name',
		{},
		(folder) => writeFile(join(folder, 'dist/a\nb'), ''),
		'DEB_FILE_UNSUPPORTED',
	],
	[
		'two files at one place',
		{
			files: [
				{ source: 'postinst', target: '/a' },
				{ source: 'greet.conf', target: '/a' },
			],
		},
		nothing,
		'DEB_FILE_CONFLICT',
	],
	[
		'a file that is a folder of another',
		{
			files: [
				{ source: 'postinst', target: '/a' },
				{ source: 'greet.conf', target: '/a/b' },
			],
		},
		nothing,
		'DEB_FILE_CONFLICT',
	],
	[
		'a link at the place of a file',
		{ links: { '/etc/greet/greet.conf': 'x' } },
		nothing,
		'DEB_FILE_CONFLICT',
	],
	['an architecture that is a wildcard', { architecture: 'any' }, nothing, 'DEB_ARCHITECTURE_INVALID'],
	['a script without #!', {}, (folder) => writeFile(join(folder, 'postinst'), 'echo'), 'DEB_SCRIPT_INVALID'],
	[
		'a script with Windows line ends',
		{},
		(folder) => writeFile(join(folder, 'postinst'), '#!/bin/sh\r\n'),
		'DEB_SCRIPT_INVALID',
	],
	['another licence than package.json', { license: 'ISC' }, nothing, 'DEB_METADATA_CONFLICT'],
	[
		'no metadata at all',
		{},
		(folder) => writeFile(join(folder, 'package.json'), '{}'),
		'DEB_METADATA_MISSING',
	],
	[
		'a homepage with a field of its own (H11)',
		{},
		(folder) =>
			writeFile(
				join(folder, 'package.json'),
				JSON.stringify({
					description: 'x',
					license: 'Apache-2.0',
					author: 'A <a@example.org>',
					homepage: 'https://example.org\nEssential: yes',
				}),
			),
		'DEB_CONTROL_INVALID',
	],
];
test.each(failures)('refuses %s', (_name, change, spoil, code) =>
	withGreet(async (folder) => {
		await spoil(folder);
		await expect(make(folder, { ...GREET, ...change })).rejects.toThrow(expect.objectContaining({ code }));
	}),
);

test('without the xz command the error says what to do', () =>
	withGreet(async (folder) => {
		const { PATH } = process.env;
		try {
			process.env.PATH = folder;
			await expect(make(folder, { ...GREET, compression: 'xz' })).rejects.toThrow(
				expect.objectContaining({
					code: 'DEB_COMPRESSION_UNAVAILABLE',
					hint: expect.stringContaining('xz-utils'),
				}),
			);
		} finally {
			process.env.PATH = PATH;
		}
	}));
