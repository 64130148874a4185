import { readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { describeWith } from '@slipway/testing';
import { withFolder } from './sample-projects.fixture.ts';
import { toXz, unxzLimited } from './xz.ts';

const MEBIBYTE = 1024 * 1024;
const FOOTER_BYTES = 12;

/** A variable-length integer (xz file format 1.2). */
const toVli = (value: number): number[] =>
	value < 128 ? [value] : [(value & 127) | 128, ...toVli(value >> 7)];

const readVli = (bytes: Uint8Array, offset: number): { value: number; end: number } => {
	let value = 0;
	for (let index = offset; ; index += 1) {
		const byte = bytes[index] ?? 0;
		value += (byte & 127) * 2 ** (7 * (index - offset));
		if (byte < 128) return { value, end: index + 1 };
	}
};

const withChecksum = (bytes: Uint8Array): Buffer => {
	const sum = Buffer.alloc(4);
	sum.writeUInt32LE(crc32(bytes));
	return Buffer.concat([bytes, sum]);
};

/** The same stream with an index (xz file format 4) that says one block unpacks to `size` bytes. */
const withLyingIndex = (bytes: Buffer, size: number): Buffer => {
	const footer = bytes.subarray(-FOOTER_BYTES);
	const indexBytes = (footer.readUInt32LE(4) + 1) * 4;
	const start = bytes.length - FOOTER_BYTES - indexBytes;
	const unpadded = readVli(bytes, start + 2).value;
	const fields = [0, 1, ...toVli(unpadded), ...toVli(size)];
	while (fields.length % 4 !== 0) fields.push(0);
	const index = withChecksum(Buffer.from(fields));
	const newFooter = Buffer.from(footer);
	newFooter.writeUInt32LE(index.length / 4 - 1, 4);
	newFooter.writeUInt32LE(crc32(newFooter.subarray(4, 10)), 0);
	return Buffer.concat([bytes.subarray(0, start), index, newFooter]);
};

describeWith('xz', 'xz', () => {
	test('what was compressed is unpacked, and nothing is left behind', () =>
		withFolder(async (tempDir) => {
			const text = Buffer.from('hello '.repeat(10_000));
			const compressed = await toXz(text, { tempDir });
			expect(compressed.length).toBeLessThan(1000);
			expect((await unxzLimited(compressed, text.length, { tempDir })).equals(text)).toBe(true);
			expect(await readdir(tempDir)).toEqual([]);
		}));

	test('a stream that says it is too large is refused unseen, one that lies when it grows', () =>
		withFolder(async (tempDir) => {
			const bomb = await toXz(Buffer.alloc(64 * MEBIBYTE), { tempDir });
			for (const bytes of [bomb, withLyingIndex(bomb, 100)])
				await expect(unxzLimited(bytes, MEBIBYTE, { tempDir })).rejects.toThrow(
					expect.objectContaining({ code: 'DEB_TOO_LARGE' }),
				);
			await expect(unxzLimited(withLyingIndex(bomb, 100), 128 * MEBIBYTE, { tempDir })).rejects.toThrow(
				expect.objectContaining({ code: 'DEB_INVALID' }),
			);
			expect(await readdir(tempDir)).toEqual([]);
		}));

	test('damage, an early end and a second stream are refused', () =>
		withFolder(async (tempDir) => {
			const good = await toXz(Buffer.from('hello '.repeat(1000)), { tempDir });
			const damaged = Buffer.from(good);
			damaged[40] = (damaged[40] ?? 0) ^ 1;
			for (const bytes of [damaged, good.subarray(0, -1), Buffer.concat([good, good]), Buffer.alloc(0)])
				await expect(unxzLimited(bytes, MEBIBYTE, { tempDir })).rejects.toThrow(
					expect.objectContaining({ code: 'DEB_INVALID' }),
				);
		}));
});
