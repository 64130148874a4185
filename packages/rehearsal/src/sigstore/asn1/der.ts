/** A DER element (ITU-T X.690), written whole. */
export type Der = Uint8Array;

const toLength = (length: number): Uint8Array => {
	if (length < 0x80) return Uint8Array.of(length);
	const bytes: number[] = [];
	for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
	return Uint8Array.of(0x80 | bytes.length, ...bytes);
};

/** Any element by its tag byte. */
export const toElement = (tag: number, ...content: readonly Uint8Array[]): Der => {
	const body = Buffer.concat(content);
	return Buffer.concat([Uint8Array.of(tag), toLength(body.length), body]);
};

const SORTED = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b);

export const toSequence = (...members: readonly Der[]): Der => toElement(0x30, ...members);
export const toSet = (...members: readonly Der[]): Der => toElement(0x31, ...members.toSorted(SORTED));
export const toOctets = (bytes: Uint8Array): Der => toElement(0x04, bytes);
export const toBits = (bytes: Uint8Array, unused = 0): Der => toElement(0x03, Uint8Array.of(unused), bytes);
export const toUtf8 = (text: string): Der => toElement(0x0c, Buffer.from(text));
export const toNull = (): Der => Uint8Array.of(0x05, 0x00);
export const toTrue = (): Der => Uint8Array.of(0x01, 0x01, 0xff);
/** [number] EXPLICIT */
export const toTagged = (number: number, ...content: readonly Der[]): Der =>
	toElement(0xa0 | number, ...content);

/** A non-negative INTEGER. */
export const toInteger = (value: bigint | number): Der => {
	const hex = BigInt(value).toString(16);
	const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
	return toElement(0x02, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes);
};

const toBase128 = (arc: number): number[] => {
	const bytes = [arc & 0x7f];
	for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
		bytes.unshift(0x80 | (rest & 0x7f));
	return bytes;
};

/** @param oid dotted, like `1.3.6.1.4.1.57264.1.8` */
export const toOid = (oid: string): Der => {
	const [first = 0, second = 0, ...arcs] = oid.split('.').map(Number);
	return toElement(0x06, Uint8Array.from([first * 40 + second, ...arcs.flatMap(toBase128)]));
};

const toDigits = (time: Date): string => time.toISOString().replace(/[-:T]/g, '');

/** UTCTime until 2049, GeneralizedTime from 2050 on, whole seconds (RFC 5280, 4.1.2.5). */
export const toTime = (time: Date): Der => {
	const seconds = `${toDigits(time).slice(0, 14)}Z`;
	const [tag, text] = time.getUTCFullYear() < 2050 ? [0x17, seconds.slice(2)] : [0x18, seconds];
	return toElement(tag, Buffer.from(text));
};

/** GeneralizedTime with milliseconds; trailing zeros are dropped, as DER demands (X.690, 11.7.3). */
export const toFractionalTime = (time: Date): Der =>
	toElement(
		0x18,
		Buffer.from(
			`${toDigits(time)
				.slice(0, 18)
				.replace(/\.?0*$/, '')}Z`,
		),
	);
