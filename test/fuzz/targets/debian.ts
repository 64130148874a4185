import { gzipSync, zstdCompressSync } from 'node:zlib';
import { toAr, toTarBytes } from '@slipway/archive';
import {
	generateSigningKey,
	parseControl,
	parseDebianVersion,
	parsePointer,
	parseStanzas,
	readDeb,
	readKeyLives,
	readSigningKey,
	toDebianVersion,
	verifyClearsigned,
} from '@slipway/deb';
import { findFrameEnd } from '../../../packages/deb/src/package/zstd-frame.ts';
import { parseDebPurl } from '../../../packages/deb/src/publisher/deb-purl.ts';
import { parsePointerName } from '../../../packages/deb/src/publisher/options.ts';
import { parseAttestations } from '../../../packages/deb/src/repository/attestations.ts';
import { parsePackages } from '../../../packages/deb/src/repository/parse-packages.ts';
import { parseRelease } from '../../../packages/deb/src/repository/release-file.ts';
import { CONTROL_CORPUS } from '../../../packages/gate/src/packed/corpus.fixture.ts';
import type { Target } from '../target.ts';
import { NEVER, ofBytes, ofText } from '../text.ts';
import { repairTar } from './archives.ts';

const DEB = /^DEB_/;
const CONTROL =
	'Package: greet\nVersion: 1:1.2.0-1\nArchitecture: all\nMaintainer: Ada <ada@example.org>\nInstalled-Size: 1\nDepends: libc6 (>= 2.34)\nDescription: greets\n Says hello.\n';
const FIELD_WORDS = ['\n ', '\n\t', '\n.\n', '\n .\n', '\nPackage: b\n', ': ', '\n\n', '#', '-', '\r'];

const packTar = (...files: readonly (readonly [name: string, content: string])[]): Uint8Array =>
	toTarBytes(
		files.map(([name, content]) => ({ type: 'file', name, mode: 0o644, content: Buffer.from(content) })),
		{ mtime: 0 },
	);
const CONTROL_TAR = packTar(['./control', CONTROL], ['./md5sums', `${'a'.repeat(32)}  usr/bin/greet\n`]);
const DATA_TAR = packTar(['./usr/bin/greet', '#!/bin/sh\n'], [`./usr/share/${'a/'.repeat(60)}b`, 'x']);

const toDeb = (control: readonly [string, Uint8Array], data: readonly [string, Uint8Array]): Buffer =>
	Buffer.concat([
		...toAr(
			[['debian-binary', Buffer.from('2.0\n')] as const, control, data].map(([name, content]) => ({
				name,
				content: [content],
			})),
			{ mtime: 0 },
		),
	]);
const CONTROL_GZ = ['control.tar.gz', gzipSync(CONTROL_TAR)] as const;
const DEBS = [
	toDeb(CONTROL_GZ, ['data.tar.gz', gzipSync(DATA_TAR)]),
	toDeb(['control.tar.zst', zstdCompressSync(CONTROL_TAR)], ['data.tar.zst', zstdCompressSync(DATA_TAR)]),
	toDeb(['control.tar', CONTROL_TAR], ['data.tar', DATA_TAR]),
];

const PACKAGES = ['a', 'greet', 'z']
	.map(
		(name) =>
			`Package: ${name}\nVersion: 1.0-1\nArchitecture: all\nDescription: x\n Package: fake\n .\nFilename: pool/${name}_1.0-1_all.deb\nSize: 12\nSHA256: ${'a'.repeat(64)}\n\n`,
	)
	.join('');
const RELEASE = `Origin: a\nLabel: b\nSuite: stable\nCodename: c\nDate: Sat, 21 Nov 2026 12:00:00 UTC\nValid-Until: Sat, 28 Nov 2026 12:00:00 UTC\nArchitectures: amd64 all\nComponents: main\nAcquire-By-Hash: yes\nSlipway-Serial: 7\nSHA256:\n ${'a'.repeat(64)} 123 main/binary-all/Packages\n ${'b'.repeat(64)} 45 main/binary-all/Packages.gz\n`;

/** Only a signed text may come out, whatever was done to the file around it (trailing blanks are not signed). */
const openInRelease = async () => {
	const key = await generateSigningKey({ name: 'Fuzz', email: 'fuzz@example.org', days: 9 });
	const { clearSign } = await readSigningKey(key.privateKey);
	const signed = await clearSign(RELEASE, Date.now());
	const toPlain = (text: string): string => text.replaceAll(/[ \t]+$/gm, '').trimEnd();
	return {
		seeds: [signed, await clearSign('- a\n-----BEGIN\nFrom: b\n', Date.now()), RELEASE],
		words: [
			'-----BEGIN PGP SIGNED MESSAGE-----\n',
			'-----BEGIN PGP SIGNATURE-----\n\n',
			'-----END PGP SIGNATURE-----\n',
			'Hash: SHA512\n',
			'Hash: MD5\n',
			'- ',
			'\r\n',
			'NotDashEscaped: x\n',
		],
		read: async (bytes: Uint8Array) => {
			const { text } = await verifyClearsigned(bytes, { keys: [key.publicKey], now: Date.now() });
			if (![RELEASE, '- a\n-----BEGIN\nFrom: b\n'].map(toPlain).includes(toPlain(text)))
				throw new Error('another text than the signed one');
		},
	};
};

const openKeys = async () => {
	const key = await generateSigningKey({ name: 'Fuzz', email: 'fuzz@example.org', days: 9 });
	return {
		seeds: [key.publicKey, key.privateKey],
		read: async (bytes: Uint8Array) => {
			const armored = Buffer.from(bytes).toString();
			await readSigningKey(armored).catch((thrown) => {
				if (!String(thrown?.code).startsWith('APT_KEY_')) throw thrown;
			});
			await readKeyLives([armored]);
		},
	};
};

export const DEBIAN_TARGETS: readonly Target[] = [
	ofBytes('deb', DEB, { seeds: DEBS, words: ['data.tar.xz     ', '`\n'], read: (bytes) => readDeb(bytes) }),
	ofBytes('deb, its data.tar', DEB, {
		seeds: [DATA_TAR],
		repair: repairTar,
		read: (bytes) => readDeb(toDeb(CONTROL_GZ, ['data.tar.gz', gzipSync(bytes, { level: 1 })])),
	}),
	ofBytes('deb, its control.tar', DEB, {
		seeds: [CONTROL_TAR],
		repair: repairTar,
		read: (bytes) =>
			readDeb(toDeb(['control.tar', bytes], ['data.tar', DATA_TAR])).then(({ controlFiles }) => {
				if (!controlFiles.has('control')) throw new Error('no control file');
			}),
	}),
	ofBytes('control', DEB, {
		seeds: [CONTROL, ...CONTROL_CORPUS],
		words: FIELD_WORDS,
		read: (bytes) => {
			const { name, version } = parseControl(bytes);
			if (/[\s/]/.test(name + version)) throw new Error('a name with blanks or slashes');
		},
	}),
	ofBytes('deb822', DEB, {
		seeds: [PACKAGES, CONTROL],
		words: FIELD_WORDS,
		read: (bytes) => parseStanzas(bytes, 'it'),
	}),
	ofBytes('Packages', /^(?:APT|DEB)_/, {
		seeds: [PACKAGES],
		words: FIELD_WORDS,
		read: (bytes) => parsePackages(bytes, 'it'),
	}),
	ofText('Release', /^(?:APT|DEB)_/, {
		seeds: [RELEASE],
		words: [...FIELD_WORDS, ' ../../x', 'SHA512:\n', 'MD5Sum:\n'],
		read: (text) => {
			for (const [path] of parseRelease(text).files)
				if (/^\/|\.\./.test(path)) throw new Error(`let ${path} pass`);
		},
	}),
	{ name: 'InRelease', codes: /^APT_/, open: openInRelease },
	{ name: 'OpenPGP keys', codes: /^APT_KEY_/, open: openKeys },
	ofBytes('apt attestations', /^APT_/, {
		seeds: ['{"a":1}\n{"b":2}\n', '\n'.repeat(300)],
		read: (bytes) => parseAttestations(bytes, 'it'),
	}),
	ofText('apt pointer', /^(?:APT|DEB)_/, {
		seeds: [`1.0.0-1 all sha256:${'a'.repeat(64)} 1:2~rc1-1 amd64 sha256:-`, '1 a sha256:-'],
		read: (text) => parsePointer(text),
	}),
	ofText('apt pointer name', /^APT_/, { seeds: ['stable main', 'a/b c'], read: parsePointerName }),
	ofText('Debian version', /^DEB_/, {
		seeds: ['1:2.0~rc1-1', '1.0-0ubuntu1', '0', '1.0.0-rc.1', '1.0-'],
		words: ['~', ':', '-', '+'],
		read: (text) => {
			parseDebianVersion(text);
			if (!/^[0-9A-Za-z.+~:-]{1,1024}$/.test(text)) throw new Error(`let ${JSON.stringify(text)} pass`);
		},
	}),
	ofText('Debian version of a release', /^DEB_/, {
		seeds: ['1.0.0', '1.0.0-rc.1', '2.0.0-a-b.1'],
		read: (version) => toDebianVersion({ version }),
	}),
	ofText('deb purl', /^(?:APT|DEB|PURL)_/, {
		seeds: ['pkg:deb/greet@1.0-1?arch=all', 'pkg:npm/a@1'],
		read: parseDebPurl,
	}),
	ofBytes('zstd frame', NEVER, {
		seeds: [zstdCompressSync(DATA_TAR), zstdCompressSync(Buffer.alloc(0)), Buffer.from('502a4d1800', 'hex')],
		read: (bytes) => {
			const end = findFrameEnd(bytes);
			if (end !== undefined && (end > bytes.length || end < 5)) throw new Error('an end outside');
		},
	}),
];
