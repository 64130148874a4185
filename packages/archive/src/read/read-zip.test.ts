import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { describeWith } from '@slipway/testing';
import type { ArchiveLimits } from './limits.ts';
import { readZip } from './read-zip.ts';

interface Part {
	name: string;
	content?: string | Buffer;
	/** What the headers say, where it is not the truth. */
	localName?: string;
	size?: number;
	compressedSize?: number;
	crc?: number;
	method?: number;
	flags?: number;
	mode?: number;
	offset?: number;
	/** Stored as it is. */
	data?: Buffer;
}

const header = (part: Part, offset: number | undefined): { bytes: Buffer; data: Buffer } => {
	const content = Buffer.from(part.content ?? '');
	const method = part.method ?? 8;
	const data = part.data ?? (method === 8 ? deflateRawSync(content) : content);
	const name = Buffer.from(offset === undefined ? (part.localName ?? part.name) : part.name);
	const bytes = Buffer.alloc(offset === undefined ? 30 : 46);
	const central = offset === undefined ? 0 : 2;
	bytes.writeUInt32LE(offset === undefined ? 0x04034b50 : 0x02014b50, 0);
	if (central) bytes.writeUInt16LE((3 << 8) | 20, 4);
	bytes.writeUInt16LE(20, 4 + central);
	bytes.writeUInt16LE(part.flags ?? 0x800, 6 + central);
	bytes.writeUInt16LE(method, 8 + central);
	bytes.writeUInt16LE(0x6000, 10 + central);
	bytes.writeUInt16LE(0x5d75, 12 + central);
	bytes.writeUInt32LE(part.crc ?? crc32(content), 14 + central);
	bytes.writeUInt32LE(part.compressedSize ?? data.length, 18 + central);
	bytes.writeUInt32LE(part.size ?? content.length, 22 + central);
	bytes.writeUInt16LE(name.length, 26 + central);
	if (offset !== undefined) {
		bytes.writeUInt32LE(((part.mode ?? 0o100644) << 16) >>> 0, 38);
		bytes.writeUInt32LE(part.offset ?? offset, 42);
	}
	return { bytes: Buffer.concat([bytes, name]), data };
};

const zip = (parts: Part[], front = Buffer.alloc(0)): Buffer => {
	const locals: Buffer[] = [front];
	const centrals: Buffer[] = [];
	let offset = front.length;
	for (const part of parts) {
		const { bytes, data } = header(part, undefined);
		locals.push(bytes, data);
		centrals.push(header(part, offset).bytes);
		offset += bytes.length + data.length;
	}
	const directory = Buffer.concat(centrals);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(parts.length, 8);
	end.writeUInt16LE(parts.length, 10);
	end.writeUInt32LE(directory.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...locals, directory, end]);
};

const KERNEL = deflateRawSync(Buffer.alloc(20_000_000));
const refusals: readonly [name: string, code: string, archive: Buffer, limits?: Partial<ArchiveLimits>][] = [
	['..', 'PATH_UNSAFE', zip([{ name: '../a' }])],
	['.. in the middle', 'PATH_UNSAFE', zip([{ name: 'a/../../b' }])],
	['an absolute path', 'PATH_UNSAFE', zip([{ name: '/etc/passwd' }])],
	['a drive', 'PATH_UNSAFE', zip([{ name: 'C:/a' }])],
	['a drive-relative path', 'PATH_UNSAFE', zip([{ name: 'C:a' }])],
	['a backslash', 'PATH_UNSAFE', zip([{ name: '..\\a' }])],
	['NUL', 'PATH_UNSAFE', zip([{ name: 'a\0.txt' }])],
	['a control character', 'PATH_UNSAFE', zip([{ name: 'a\u001b' }])],
	['right-to-left override (H6)', 'PATH_UNSAFE', zip([{ name: 'a\u202eb' }])],
	['a link to above', 'LINK_UNSAFE', zip([{ name: 'a', content: '../x', mode: 0o120777 }])],
	['an absolute link', 'LINK_UNSAFE', zip([{ name: 'a', content: '/etc', mode: 0o120777 }])],
	['a file below a link', 'LINK_UNSAFE', zip([{ name: 'a', content: 'b', mode: 0o120777 }, { name: 'a/x' }])],
	['the same path twice', 'DUPLICATE', zip([{ name: 'a' }, { name: 'a' }])],
	['other case', 'DUPLICATE', zip([{ name: 'a' }, { name: 'A' }])],
	['NFC and NFD', 'DUPLICATE', zip([{ name: 'caf\u00e9' }, { name: 'cafe\u0301' }])],
	['a file that is a folder too', 'DUPLICATE', zip([{ name: 'a' }, { name: 'a/b' }])],
	['a device', 'ENTRY_REFUSED', zip([{ name: 'a', mode: 0o020644 }])],
	['a fifo', 'ENTRY_REFUSED', zip([{ name: 'a', mode: 0o010644 }])],
	['set-user-id', 'ENTRY_REFUSED', zip([{ name: 'a', mode: 0o104755 }])],
	['an encrypted entry', 'ENTRY_REFUSED', zip([{ name: 'a', flags: 0x801 }])],
	['another method', 'ENTRY_REFUSED', zip([{ name: 'a', method: 14 }])],
	['4 GB declared', 'LIMIT_EXCEEDED', zip([{ name: 'a', size: 0xfffffffe }])],
	['a layer of 42.zip', 'LIMIT_EXCEEDED', zip([{ name: 'a', data: KERNEL, size: 20_000_000 }])],
	['too many entries', 'LIMIT_EXCEEDED', zip([{ name: 'a' }, { name: 'b' }]), { maxEntries: 1 }],
	['too large in total', 'LIMIT_EXCEEDED', zip([{ name: 'a', content: 'xx' }]), { maxTotalBytes: 1 }],
	[
		'entries that share their bytes',
		'AMBIGUOUS',
		zip([
			{ name: 'a', content: 'same' },
			{ name: 'b', localName: 'b', content: 'same', offset: 0 },
		]),
	],
	['another name in front of the data', 'AMBIGUOUS', zip([{ name: 'a', localName: 'b' }])],
	['bytes in front', 'AMBIGUOUS', zip([{ name: 'a' }], Buffer.from('#!/bin/sh\n'))],
	['a folder with content', 'AMBIGUOUS', zip([{ name: 'a/', content: 'x', mode: 0o040755 }])],
	['a wrong checksum', 'CORRUPT', zip([{ name: 'a', content: 'x', crc: 1 }])],
	['more bytes than announced', 'CORRUPT', zip([{ name: 'a', content: 'xxxx', size: 2 }])],
	['fewer bytes than announced', 'CORRUPT', zip([{ name: 'a', content: 'x', size: 2 }])],
	['damaged data', 'CORRUPT', zip([{ name: 'a', data: Buffer.from('nonsense'), size: 2 }])],
	['data behind the end', 'CORRUPT', zip([{ name: 'a', compressedSize: 5000 }])],
	['no zip', 'CORRUPT', Buffer.from('hello')],
	['nothing', 'CORRUPT', Buffer.alloc(0)],
	['a cut end', 'CORRUPT', zip([{ name: 'a' }]).subarray(0, -1)],
];
// Functions instead of bytes: the runner would print every byte of a case into its title.
const attempts = refusals.map(
	([name, code, archive, limits]) => [name, code, () => readZip(archive, limits)] as const,
);

test.each(attempts)('refuses %s: ARCHIVE_%s (H4, H5)', async (_name, code, read) => {
	await expect(read()).rejects.toEqual(
		expect.objectContaining({ name: 'SlipwayError', code: `ARCHIVE_${code}` }),
	);
});

test('accepts what is plain', async () => {
	const entries = await readZip(
		zip([
			{ name: 'd/', mode: 0o040755 },
			{ name: 'd/tool', content: 'run', mode: 0o100755 },
			{ name: 'stored', content: 'as it is', method: 0 },
			{ name: 'link', content: 'd/tool', mode: 0o120777 },
			{ name: 'empty' },
		]),
	);
	expect(entries.map(({ path, type, mode, size }) => [path, type, mode, size])).toEqual([
		['d', 'directory', 0o755, 0],
		['d/tool', 'file', 0o755, 3],
		['stored', 'file', 0o644, 8],
		['link', 'symlink', 0o777, 0],
		['empty', 'file', 0o644, 0],
	]);
	expect(Buffer.from(entries[1]?.bytes ?? []).toString()).toBe('run');
	expect(entries[3]?.linkName).toBe('d/tool');
	expect(entries[0]?.mtime).toBe(Date.UTC(2026, 10, 21, 12) / 1000);
});

describeWith('python3', "Python's zipfile", () => {
	test('writes what we read', async () => {
		const root = mkdtempSync(join(tmpdir(), 'slipway-zip-'));
		const script = `import zipfile
with zipfile.ZipFile("out.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("pkg/__init__.py", "x = 1\\n" * 50)
    with z.open("pkg/stream.txt", "w") as f: f.write(b"streamed")`;
		const made = spawnSync('python3', ['-c', script], { cwd: root, encoding: 'utf8' });
		expect(made.stderr).toBe('');
		const entries = await readZip(readFileSync(join(root, 'out.zip')));
		rmSync(root, { recursive: true });
		expect(entries.map(({ path, size }) => [path, size])).toEqual([
			['pkg/__init__.py', 300],
			['pkg/stream.txt', 8],
		]);
	});
});
