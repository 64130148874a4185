import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toCopyrightText } from './copyright.ts';
import { parseStanzas } from './deb822.ts';
import { toShortName } from './licence-text.ts';
import { withFolder } from './sample-projects.fixture.ts';

const MIT =
	'MIT License\n\nCopyright (c) 2024 Ada Lovelace. All rights reserved.\n\nPermission is hereby\r\ngranted.\f\n';
const facts = {
	name: 'greet',
	homepage: 'https://example.org/',
	license: 'MIT',
	copyright: undefined,
	holder: 'Charles Babbage',
	year: 2026,
};

const read = async (folder: string, change: Partial<typeof facts> | { copyright: string }) =>
	parseStanzas(await toCopyrightText({ ...facts, ...change }, folder), 'copyright').map((stanza) =>
		Object.fromEntries(stanza),
	);

test('a licence that Debian has is pointed at', () =>
	withFolder(async (folder) => {
		expect(await read(folder, { license: 'Apache-2.0' })).toEqual([
			{
				Format: 'https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
				'Upstream-Name': 'greet',
				Source: 'https://example.org/',
			},
			{ Files: '*', Copyright: '2026 Charles Babbage', License: 'Apache-2.0' },
			{
				License:
					'Apache-2.0\n On Debian systems the full text of this licence is in the file\n /usr/share/common-licenses/Apache-2.0.',
			},
		]);
	}));

test('another licence is given in full, with the holder it names', () =>
	withFolder(async (folder) => {
		await writeFile(join(folder, 'LICENSE.md'), MIT);
		const [, files, licence] = await read(folder, {});
		expect(files).toEqual({ Files: '*', Copyright: '2024 Ada Lovelace', License: 'Expat' });
		expect(licence?.License).toBe(
			'Expat\n MIT License\n .\n Copyright (c) 2024 Ada Lovelace. All rights reserved.\n .\n Permission is hereby\n granted.',
		);
	}));

const FILE_BYTES = 256 * 1024;
test.each([
	['blanks', ' '.repeat(FILE_BYTES)],
	['tabs after the word', `copyright ${'\t'.repeat(FILE_BYTES - 11)}x`],
	['blanks after the year', `copyright 2024 x${' '.repeat(FILE_BYTES - 17)}x`],
	['blanks on every line', `${' '.repeat(255)}\n`.repeat(FILE_BYTES / 256)],
	['empty lines', '\n'.repeat(FILE_BYTES)],
])('a licence file of nothing but %s is read in no time (H9)', (_name, content) =>
	withFolder(async (folder) => {
		await writeFile(join(folder, 'LICENSE'), content);
		const start = process.threadCpuUsage();
		// What becomes of such a text does not matter here, only how long it takes.
		await toCopyrightText(facts, folder).catch(() => undefined);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
	}),
);

test('holders are found on indented lines, and not on lines too long for one', () =>
	withFolder(async (folder) => {
		const text = `\tCopyright © 2023 Ada Lovelace\n  copyright (C) 2024, Bea B.  \nCopyright 2025 ${'x'.repeat(300)}\n`;
		await writeFile(join(folder, 'LICENSE'), text);
		expect((await read(folder, {}))[1]?.Copyright).toBe('2023 Ada Lovelace\n 2024, Bea B.');
	}));

test('slipway.yml has the last word about the holder', () =>
	withFolder(async (folder) => {
		await writeFile(join(folder, 'LICENCE'), MIT);
		expect((await read(folder, { copyright: '2020 Somebody' }))[1]).toMatchObject({
			Copyright: '2020 Somebody',
		});
	}));

test('each licence of an expression has its text', () =>
	withFolder(async (folder) => {
		await writeFile(join(folder, 'LICENSE-MIT'), MIT);
		await mkdir(join(folder, 'LICENSES'));
		await writeFile(join(folder, 'LICENSES', 'LicenseRef-Own.txt'), 'own words');
		const [, files, ...licences] = await read(folder, {
			license: '(MIT OR GPL-2.0-or-later) AND LicenseRef-Own',
		});
		expect(files?.License).toBe('(Expat or GPL-2+) and LicenseRef-Own');
		expect(licences.map(({ License = '' }) => License.split('\n')[0])).toEqual([
			'Expat',
			'GPL-2+',
			'LicenseRef-Own',
		]);
	}));

test.each([
	['MIT', 'Expat'],
	['GPL-3.0-only', 'GPL-3'],
	['LGPL-2.1-or-later', 'LGPL-2.1+'],
	['AGPL-3.0-or-later', 'AGPL-3+'],
	['MPL-2.0', 'MPL-2.0'],
	['BSD-3-Clause', 'BSD-3-Clause'],
])('%s is called %s', (id, name) => {
	expect(toShortName(id)).toBe(name);
});

test.each([
	['MIT', 'DEB_LICENSE_TEXT_MISSING'],
	['GPL-2.0-only WITH Classpath-exception-2.0', 'DEB_LICENSE_TEXT_MISSING'],
	['UNLICENSED', 'DEB_METADATA_MISSING'],
	['SEE LICENSE IN LICENSE.md', 'DEB_METADATA_MISSING'],
	['MIT OR', 'DEB_METADATA_MISSING'],
	['MIT\nFiles: x', 'DEB_METADATA_MISSING'],
	['../../etc/passwd', 'DEB_METADATA_MISSING'],
	['constructor', 'DEB_LICENSE_TEXT_MISSING'],
])('without a licence file %j is refused', (license, code) =>
	withFolder(async (folder) => {
		await expect(read(folder, { license })).rejects.toThrow(expect.objectContaining({ code }));
	}),
);

test('a licence file that is not UTF-8 is refused', () =>
	withFolder(async (folder) => {
		await writeFile(join(folder, 'LICENSE'), new Uint8Array([0xff]));
		await expect(read(folder, {})).rejects.toThrow(
			expect.objectContaining({ code: 'DEB_LICENSE_TEXT_MISSING' }),
		);
	}));
