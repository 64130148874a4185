import { crc32 } from 'node:zlib';
import { toTarBytes } from '@slipway/archive';

export const TAR_BLOCK = 512;

/** The header of a file, of whatever size. */
export const toTarHeader = (name: string, size: number): Buffer => {
	const bytes = Buffer.from(
		toTarBytes([{ type: 'file', name, mode: 0o644, content: Buffer.alloc(0) }], { mtime: 0 }),
	);
	const header = bytes.subarray(bytes.length - 3 * TAR_BLOCK, bytes.length - 2 * TAR_BLOCK);
	header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
	header.fill(' ', 148, 156);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return header;
};

export const TAR_END = Buffer.alloc(2 * TAR_BLOCK);

export const toArHeader = (name: string, size: number): string =>
	`${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;

/** A .deb with these members as they are. */
export const toDeb = (members: Readonly<Record<string, Uint8Array>>): Buffer => {
	const parts = Object.entries({ 'debian-binary': Buffer.from('2.0\n'), ...members }).map(([name, bytes]) => [
		Buffer.from(toArHeader(name, bytes.length)),
		bytes,
		Buffer.from(bytes.length % 2 === 1 ? '\n' : ''),
	]);
	return Buffer.concat([Buffer.from('!<arch>\n'), ...parts.flat()]);
};

interface ZipEntry {
	readonly name: string;
	/** Unpacked. */
	readonly size: number;
	readonly crc: number;
	readonly data: Uint8Array;
	/** Bytes of data that stand in the file, where they are not `data`. */
	readonly stored?: number;
}

const toFields = ({ name, size, crc, data, stored }: ZipEntry): Buffer => {
	const fields = Buffer.alloc(26);
	fields.writeUInt16LE(20, 0);
	fields.writeUInt16LE(stored === undefined ? 8 : 0, 4);
	fields.writeUInt16LE(0x5821, 8);
	fields.writeUInt32LE(crc, 10);
	fields.writeUInt32LE(stored ?? data.length, 14);
	fields.writeUInt32LE(size, 18);
	fields.writeUInt16LE(name.length, 22);
	return fields;
};

/** Front and back of a zip file; what one entry stores is a hole between them. */
export const toZipParts = (entries: readonly ZipEntry[]): { front: Buffer; hole: number; back: Buffer } => {
	const front: Uint8Array[] = [];
	const directory: Buffer[] = [];
	let [offset, hole] = [0, 0];
	for (const entry of entries) {
		const [fields, name] = [toFields(entry), Buffer.from(entry.name)];
		front.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, entry.data);
		const place = Buffer.alloc(14);
		place.writeUInt32LE(offset, 10);
		directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, place, name);
		offset += 30 + name.length + (entry.stored ?? entry.data.length);
		hole += entry.stored ?? 0;
	}
	const central = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	for (const at of [8, 10]) end.writeUInt16LE(Math.min(entries.length, 0xffff), at);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(offset, 16);
	return { front: Buffer.concat(front), hole, back: Buffer.concat([central, end]) };
};

export const toCrc = (bytes: Uint8Array): number => crc32(bytes);
