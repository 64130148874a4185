import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import {
	type ArchiveEntry,
	gunzipLimited,
	readAr,
	readTar,
	readZip,
	toAr,
	toTarBytes,
	unzstdLimited,
} from '@slipway/archive';
import { parsePaxRecords } from '../../../packages/archive/src/read/pax.ts';
import { toZip } from '../../../packages/gate/src/osv/zip.fixture.ts';
import type { Target } from '../target.ts';

const TAR_BLOCK = 512;
const ARCHIVE = /^ARCHIVE_/;
const LIMITS = { maxTotalBytes: 16 * 1024 * 1024, maxEntries: 5000 };

/** Every header of a tar file whose magic still stands gets the checksum of what is in it now. */
export const repairTar = (bytes: Uint8Array): Uint8Array => {
	const tar = Buffer.from(bytes);
	for (let at = 0; at + TAR_BLOCK <= tar.length; at += TAR_BLOCK) {
		if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
		tar.fill(' ', at + 148, at + 156);
		const sum = tar.subarray(at, at + TAR_BLOCK).reduce((total, byte) => total + byte, 0);
		tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
	}
	return tar;
};

/** What whoever uses an archive relies on. */
const checkEntries = (entries: readonly ArchiveEntry[]): void => {
	const seen = new Set<string>();
	for (const { path, type, size, bytes, mode } of entries) {
		const unsafe = /^\/|(?:^|\/)\.\.(?:\/|$)|\\|[\p{Cc}\p{Cf}]|\/$/u.test(path);
		if (unsafe || path === '' || seen.has(path)) throw new Error(`let ${JSON.stringify(path)} pass`);
		if (size !== bytes.length || (type !== 'file' && size > 0)) throw new Error('other content than size');
		if ((mode & 0o6000) !== 0) throw new Error('let a set-id bit pass');
		seen.add(path);
	}
};

export const SAMPLE_TAR = toTarBytes(
	[
		{ type: 'directory', name: 'package/', mode: 0o755 },
		{
			type: 'file',
			name: 'package/package.json',
			mode: 0o644,
			content: Buffer.from(
				'{"name":"@acme/greet","version":"1.0.0","files":["dist"],"bin":{"greet":"cli.js"}}',
			),
		},
		{ type: 'file', name: 'package/README.md', mode: 0o644, content: Buffer.from('# greet\n') },
		{ type: 'file', name: `package/${'long/'.repeat(40)}name.js`, mode: 0o755, content: Buffer.from('1') },
		{ type: 'symlink', name: 'package/link', target: 'README.md' },
		{ type: 'hardlink', name: 'package/hard', target: 'package/README.md' },
	],
	{ mtime: 1_700_000_000 },
);

const record = (text: string): string => {
	const length = text.length + 2;
	const digits = String(length + String(length).length - 1).length;
	return `${length - 1 + digits} ${text}\n`;
};
const PAX = [
	record('path=package/caf\u00e9'),
	record('mtime=1700000000.5'),
	`${record('size=12')}${record('comment=x')}`,
	'30 mtime=1700000000.123456789\n',
	'11 path=a\0b\n',
	'6 a=b\n6 a=c\n',
	'0 \n',
	'9999999 a=b\n',
];

const ZIP_MEMBERS = [
	{ name: 'd/a.txt', content: 'hello '.repeat(50) },
	{ name: 'b.json', content: '{}' },
];
const ZIP = toZip(ZIP_MEMBERS.map(({ name, content }) => ({ name, bytes: Buffer.from(content) })));

/** A zip of one entry whose data is what it is given: damage behind right checksums. */
const wrapZip = (content: Uint8Array): Buffer => {
	const data = deflateRawSync(content, { level: 1 });
	const header = (signature: number, length: number): Buffer => {
		const bytes = Buffer.alloc(length);
		bytes.writeUInt32LE(signature, 0);
		return bytes;
	};
	const local = header(0x04034b50, 30);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(crc32(content), 14);
	local.writeUInt32LE(data.length, 18);
	local.writeUInt32LE(content.length, 22);
	local.writeUInt16LE(1, 26);
	const central = header(0x02014b50, 46);
	local.copy(central, 10, 8, 30);
	const end = header(0x06054b50, 22);
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(47, 12);
	end.writeUInt32LE(31 + data.length, 16);
	return Buffer.concat([local, Buffer.from('a'), data, central, Buffer.from('a'), end]);
};

const AR = Buffer.concat([
	...toAr(
		[
			{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
			{ name: 'odd', content: [Buffer.from('123')] },
			{ name: 'last', content: [Buffer.from('x')] },
		],
		{ mtime: 0 },
	),
]);

const unpacks = (name: string, compress: (bytes: Uint8Array) => Uint8Array, unpack: typeof gunzipLimited) =>
	({
		name,
		codes: ARCHIVE,
		open: () => ({
			seeds: [compress(Buffer.from('hello '.repeat(200))), compress(SAMPLE_TAR)],
			read: (bytes) => {
				const unpacked = unpack(bytes, LIMITS);
				if (unpacked.length > Math.max(1024 * 1024, bytes.length * 300)) throw new Error('over the ratio');
			},
		}),
	}) satisfies Target;

export const ARCHIVE_TARGETS: readonly Target[] = [
	{
		name: 'tar',
		codes: ARCHIVE,
		open: () => ({
			seeds: [SAMPLE_TAR],
			repair: repairTar,
			words: ['ustar\0', 'ustar  \0', '././@LongLink', '0000644\0', 'GNU.sparse.major=1', ...PAX],
			read: (bytes) => checkEntries(readTar(bytes, LIMITS)),
		}),
	},
	{
		name: 'ar',
		codes: ARCHIVE,
		open: () => ({
			seeds: [AR, '!<arch>\n'],
			words: ['`\n', '//              ', '!<arch>\n', '100644  '],
			read: (bytes) => checkEntries(readAr(bytes, LIMITS)),
		}),
	},
	{
		name: 'zip',
		codes: ARCHIVE,
		open: () => ({
			seeds: [ZIP, wrapZip(Buffer.from('hello'))],
			words: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07'],
			read: async (bytes) => checkEntries(await readZip(bytes, LIMITS)),
		}),
	},
	{
		name: 'pax',
		codes: ARCHIVE,
		open: () => ({ seeds: PAX, words: PAX, read: (bytes) => parsePaxRecords(bytes) }),
	},
	unpacks('gzip', (bytes) => gzipSync(bytes), gunzipLimited),
	unpacks('zstd', (bytes) => zstdCompressSync(bytes), unzstdLimited),
];
