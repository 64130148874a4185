import { execFileSync } from 'node:child_process';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 12;
const FOOTER_BYTES = 12;

/** A variable-length integer (xz file format 1.2). */
const toVli = (value: number): number[] =>
	value < 128 ? [value] : [(value & 127) | 128, ...toVli(Math.floor(value / 128))];

const withChecksum = (bytes: Uint8Array): Buffer => {
	const sum = Buffer.alloc(4);
	sum.writeUInt32LE(crc32(bytes));
	return Buffer.concat([bytes, sum]);
};

interface Block {
	/** With its padding. */
	readonly bytes: Buffer;
	readonly unpadded: number;
	readonly size: number;
}

const readVli = (bytes: Uint8Array, offset: number): number => {
	let value = 0;
	for (let index = offset; ; index += 1) {
		const byte = bytes[index] ?? 0;
		value += (byte & 127) * 2 ** (7 * (index - offset));
		if (byte < 128) return value;
	}
};

/** The one block of what the real xz makes of these bytes. */
const toBlock = (content: Uint8Array): Block => {
	const stream = execFileSync('xz', ['-0', '--threads=1', '--check=crc32', '--stdout'], {
		input: content,
		maxBuffer: 2 ** 30,
	});
	const indexBytes = (stream.readUInt32LE(stream.length - FOOTER_BYTES + 4) + 1) * 4;
	const start = stream.length - FOOTER_BYTES - indexBytes;
	return {
		bytes: stream.subarray(HEADER_BYTES, start),
		unpadded: readVli(stream, start + 2),
		size: content.length,
	};
};

/** One xz stream of these contents, each a block of its own; equal ones are packed once. */
export const toXzStream = (contents: readonly Uint8Array[]): Buffer => {
	const known = new Map([...new Set(contents)].map((content) => [content, toBlock(content)]));
	const blocks = contents.map((content) => known.get(content) as Block);
	const records = blocks.flatMap(({ unpadded, size }) => [...toVli(unpadded), ...toVli(size)]);
	const fields = [0, ...toVli(blocks.length), ...records];
	while (fields.length % 4 !== 0) fields.push(0);
	const index = withChecksum(Buffer.from(fields));
	const flags = Buffer.from([0, 1]);
	const backward = Buffer.alloc(4);
	backward.writeUInt32LE(index.length / 4 - 1);
	const footerFields = Buffer.concat([backward, flags]);
	const footerSum = withChecksum(footerFields).subarray(-4);
	return Buffer.concat([
		Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
		withChecksum(flags),
		...blocks.map(({ bytes }) => bytes),
		index,
		footerSum,
		footerFields,
		Buffer.from('YZ'),
	]);
};
