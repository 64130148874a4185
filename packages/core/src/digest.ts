import * as v from 'valibot';

const hex = (bits: number) =>
	v.pipe(
		v.string(),
		v.regex(new RegExp(`^[0-9a-f]{${bits / 4}}$`), `expected ${bits / 4} lower-case hexadecimal digits`),
	);

/** Digests of one file, lower-case hexadecimal. sha512 is there where a registry names files by it (npm). */
export const Digest = v.strictObject({ sha256: hex(256), sha512: v.optional(hex(512)) });
export type Digest = v.InferOutput<typeof Digest>;

/** True when the two agree in each algorithm that both have, and have at least one in common. */
export const isSameDigest = (a: Partial<Digest>, b: Partial<Digest>): boolean => {
	const common = (['sha256', 'sha512'] as const).filter(
		(name) => a[name] !== undefined && b[name] !== undefined,
	);
	return common.length > 0 && common.every((name) => a[name] === b[name]);
};
