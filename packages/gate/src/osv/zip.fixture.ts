import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
	readonly name: string;
	readonly bytes: Uint8Array;
}

const FIELDS = { version: 45, flags: 0, time: 0, date: 0x5821 };

/** What local header and central directory have in common, from "version needed" to "extra length". */
const toFields = (member: ZipMember, data: Uint8Array, isDeflated: boolean): Buffer => {
	const fields = Buffer.alloc(26);
	fields.writeUInt16LE(FIELDS.version, 0);
	fields.writeUInt16LE(FIELDS.flags, 2);
	fields.writeUInt16LE(isDeflated ? 8 : 0, 4);
	fields.writeUInt16LE(FIELDS.time, 6);
	fields.writeUInt16LE(FIELDS.date, 8);
	fields.writeUInt32LE(crc32(member.bytes), 10);
	fields.writeUInt32LE(data.length, 14);
	fields.writeUInt32LE(member.bytes.length, 18);
	fields.writeUInt16LE(Buffer.byteLength(member.name), 22);
	return fields;
};

const toEnd = (count: number, size: number, offset: number): Buffer => {
	const end = Buffer.alloc(56 + 20 + 22);
	end.writeUInt32LE(0x06064b50, 0); // zip64 end of central directory
	end.writeBigUInt64LE(44n, 4);
	end.writeUInt16LE(FIELDS.version, 12);
	end.writeUInt16LE(FIELDS.version, 14);
	for (const at of [24, 32]) end.writeBigUInt64LE(BigInt(count), at);
	end.writeBigUInt64LE(BigInt(size), 40);
	end.writeBigUInt64LE(BigInt(offset), 48);
	end.writeUInt32LE(0x07064b50, 56); // its locator
	end.writeBigUInt64LE(BigInt(offset + size), 64);
	end.writeUInt32LE(1, 72);
	end.writeUInt32LE(0x06054b50, 76); // end of central directory, whose fields are too narrow
	for (const at of [84, 86]) end.writeUInt16LE(0xffff, at);
	for (const at of [88, 92]) end.writeUInt32LE(0xffffffff, at);
	return end;
};

/** A zip file in the zip64 form, as exports of more than 65,535 records have it. Small members are stored. */
export const toZip = (members: Iterable<ZipMember>): Buffer => {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const member of members) {
		const isDeflated = member.bytes.length > 400;
		const data = isDeflated ? deflateRawSync(member.bytes, { level: 1 }) : member.bytes;
		const fields = toFields(member, data, isDeflated);
		const name = Buffer.from(member.name);
		parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, Buffer.from(data));
		const place = Buffer.alloc(14);
		place.writeUInt32LE(offset, 10);
		directory.push(Buffer.from('PK\x01\x02\x2d\0', 'latin1'), fields, place, name);
		offset += 30 + name.length + data.length;
	}
	const central = Buffer.concat(directory);
	return Buffer.concat([...parts, central, toEnd(directory.length / 4, central.length, offset)]);
};
