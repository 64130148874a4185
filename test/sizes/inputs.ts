import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TAR_BLOCK, TAR_END, toArHeader, toCrc, toDeb, toTarHeader, toZipParts } from './archives.ts';
import { BLOCK, MEBIBYTE, type Pack, toDeflated, toGzipStream, toZstdStream } from './streams.ts';
import { toXzStream } from './xz.ts';

/** A gigabyte and a little more: a gibibyte is the most that one entry may have. */
const MOST = 1000;
const GIGABYTE = MOST * MEBIBYTE;

type Write = (path: string) => void;

/** Pieces at their places in a file; what is between them is a hole, which reads as zeros. */
const sparse =
	(pieces: Iterable<readonly [at: number, bytes: Uint8Array]>, size: number): Write =>
	(path) => {
		const file = openSync(path, 'w');
		for (const [at, bytes] of pieces) writeSync(file, bytes, 0, bytes.length, at);
		ftruncateSync(file, size);
		closeSync(file);
	};

const whole =
	(bytes: () => Uint8Array): Write =>
	(path) => {
		const content = bytes();
		sparse([[0, content]], content.length)(path);
	};

const CLIMBS = Buffer.concat([toTarHeader('../evil', 0), TAR_END]);
const BIG = toTarHeader('package/big', GIGABYTE);

/** A tar file of a gigabyte whose last entry climbs. */
const packed = (pack: Pack): Buffer => pack(BIG, MOST, CLIMBS);

const withSum = (header: Buffer): Buffer => {
	header.fill(' ', 148, 156);
	let sum = 0;
	for (const byte of header) sum += byte;
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return header;
};

/** A file without content, of one name after the other. */
const headers = (count: number): Buffer => {
	const bytes = Buffer.concat(Array<Buffer>(count).fill(toTarHeader('package/0', 0)));
	for (let index = 0; index < count; index += 1) {
		const header = bytes.subarray(index * TAR_BLOCK, (index + 1) * TAR_BLOCK);
		header.write(`package/folder/${index}`, 'latin1');
		withSum(header);
	}
	return bytes;
};

/** The record of a pax header, which begins with its own length of four digits. */
const toRecord = (text: string): string => `${text.length + 6} ${text}\n`;

/** Entries with names of four thousand characters, which pack well. */
const longNames = (count: number): Buffer => {
	const pieces = Array.from({ length: count }, (_, index) => {
		const record = Buffer.from(toRecord(`path=package/${index}/${'n'.repeat(3950)}`));
		const header = toTarHeader('x', record.length);
		header.write('x', 156, 'latin1');
		const padding = Buffer.alloc((TAR_BLOCK - (record.length % TAR_BLOCK)) % TAR_BLOCK);
		return [withSum(header), record, padding, toTarHeader('y', 0)];
	});
	return Buffer.concat([...pieces.flat(), TAR_END]);
};

/** A gzip file as large as what is in it: stored blocks (RFC 1951, 3.2.4) of zeros, in members of a mebibyte. */
function* storedMembers(first: Uint8Array, last: Uint8Array, from: number): Generator<[number, Uint8Array]> {
	const zeros = gzipSync(Buffer.alloc(MEBIBYTE), { level: 0 });
	const starts = [];
	// Only where a block begins is anything but zeros.
	for (let at = 10; at < zeros.length - 8; at += 5 + (zeros.readUInt16LE(at + 1) as number)) starts.push(at);
	yield [from, first];
	let at = from + first.length;
	for (let count = 0; count < MOST; count += 1, at += zeros.length) {
		yield [at, zeros.subarray(0, 15)];
		for (const start of starts) yield [at + start, zeros.subarray(start, start + 5)];
		yield [at + zeros.length - 8, zeros.subarray(-8)];
	}
	yield [at, last];
}

const storedGzip =
	(from = 0, front?: (size: number) => Uint8Array): Write =>
	(path) => {
		const pieces = [...storedMembers(gzipSync(BIG), gzipSync(CLIMBS), from)];
		const [at = 0, last = CLIMBS] = pieces.at(-1) ?? [];
		const size = at + last.length;
		const all = front ? [[0, front(size - from)] as [number, Uint8Array], ...pieces] : pieces;
		sparse([...all, [size, Buffer.from(size % 2 === 1 ? '\n' : '')]], size + (size % 2))(path);
	};

const ZIP_NAMES = Array.from({ length: 300 }, (_, index) => `d/${index}`);
const SMALL = { name: 'd/a', size: BLOCK.length, crc: toCrc(BLOCK), data: toDeflated(1) };

const toZip = (entries: Parameters<typeof toZipParts>[0]): Write => {
	const { front, hole, back } = toZipParts(entries);
	const pieces = [
		[0, front],
		[front.length + hole, back],
	] as const;
	return sparse(pieces, front.length + hole + back.length);
};

const manyZipEntries = (): Write => {
	const data = toDeflated(3);
	const crc = toCrc(Buffer.concat([BLOCK, BLOCK, BLOCK]));
	const entries = ZIP_NAMES.map((name) => ({ name, size: 3 * MEBIBYTE, crc, data }));
	return toZip([...entries, { ...SMALL, name: '../evil' }]);
};

const control = () => gzipSync(Buffer.concat([toTarHeader('./control', 0), TAR_END]));
const debFront = (name: string) => (size: number) =>
	Buffer.concat([toDeb({ 'control.tar.gz': control() }), Buffer.from(toArHeader(name, size))]);

/** Hostile files, made when they are asked for: a gigabyte each, as it lies there or unpacked. */
export const INPUTS: Readonly<Record<string, Write>> = {
	'a plain tar that climbs at its end': sparse(
		[
			[0, BIG],
			[512 + GIGABYTE, CLIMBS],
		],
		512 + GIGABYTE + CLIMBS.length,
	),
	'zeros behind a tar': (path) => sparse([[0, toTarHeader('a', 0)]], GIGABYTE)(path),
	'a tar of headers': (path) => {
		const some = headers(110_000);
		sparse([[0, some]], GIGABYTE)(path);
	},
	'a tar of long names, gzip': whole(() => gzipSync(longNames(6000), { level: 1 })),
	'a tar that climbs at its end, gzip': whole(() => packed(toGzipStream)),
	'a tar that climbs at its end, zstd': whole(() => packed(toZstdStream)),
	'a tar that is cut off, gzip': whole(() => packed(toGzipStream).subarray(0, -2000)),
	'a tar that is cut off, zstd': whole(() => packed(toZstdStream).subarray(0, -2000)),
	'zeros, gzip': whole(() => {
		const mebibyte = gzipSync(Buffer.alloc(MEBIBYTE));
		return Buffer.concat(Array<Buffer>(MOST).fill(mebibyte));
	}),
	'a tar as large as its gzip': storedGzip(),
	'an ar with a huge member, then no header': sparse(
		[
			[0, Buffer.from(`!<arch>\n${toArHeader('a', GIGABYTE)}`)],
			[68 + GIGABYTE, Buffer.alloc(60, 'x')],
		],
		68 + GIGABYTE + 60,
	),
	'an ar of members': (path) => {
		const member = Array.from({ length: 110_000 }, (_, index) => toArHeader(`m${index}`, 0)).join('');
		sparse([[0, Buffer.from(`!<arch>\n${member}`)]], GIGABYTE)(path);
	},
	'a zip that stores a gigabyte with another checksum': toZip([
		{ name: 'a', size: GIGABYTE, crc: 1, data: Buffer.alloc(0), stored: GIGABYTE },
	]),
	'a zip of one gigabyte with another checksum': (path) =>
		toZip([{ name: 'a', size: GIGABYTE, crc: 1, data: toDeflated(MOST) }])(path),
	'a zip of many that climbs at its end': (path) => manyZipEntries()(path),
	'a .deb whose control.tar.gz climbs at its end': whole(() =>
		toDeb({ 'control.tar.gz': packed(toGzipStream), 'data.tar.gz': control() }),
	),
	'a .deb whose data.tar.zst climbs at its end': whole(() =>
		toDeb({ 'control.tar.gz': control(), 'data.tar.zst': packed(toZstdStream) }),
	),
	'a .deb whose data.tar.xz climbs at its end': whole(() => {
		const content = [...Array<Buffer>(MOST / 8).fill(Buffer.concat(Array<Buffer>(8).fill(BLOCK)))];
		return toDeb({ 'control.tar.gz': control(), 'data.tar.xz': toXzStream([BIG, ...content, CLIMBS]) });
	}),
	'a .deb as large as its data.tar.gz': (path) => {
		const from = debFront('data.tar.gz')(0).length;
		storedGzip(from, debFront('data.tar.gz'))(path);
	},
	'a .deb as large as its data.tar': (path) => {
		const size = 512 + GIGABYTE + CLIMBS.length;
		const front = debFront('data.tar')(size);
		sparse(
			[
				[0, front],
				[front.length, BIG],
				[front.length + 512 + GIGABYTE, CLIMBS],
			],
			front.length + size,
		)(path);
	},
};
