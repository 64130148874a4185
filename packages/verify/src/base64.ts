import * as v from 'valibot';

/** True for base64 as RFC 4648 section 4 writes it, with padding and without stray bits: one spelling for given bytes. */
export const isCanonicalBase64 = (text: string): boolean =>
	text.length % 4 === 0 && Buffer.from(text, 'base64').toString('base64') === text;

/** Bytes in JSON: canonical base64 of at least one and at most `max` bytes; what is longer is not looked at. */
export const Base64 = (max: number) =>
	v.pipe(
		v.string(),
		v.check(
			(text) => text !== '' && text.length <= Math.ceil(max / 3) * 4 && isCanonicalBase64(text),
			`expected 1 to ${max} bytes in base64 (RFC 4648 section 4, padded)`,
		),
	);
