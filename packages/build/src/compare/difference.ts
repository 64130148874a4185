/** One thing in which two files differ. Values are for people: printable and short. */
export type Difference = {
	/** From the artifact inwards, for example ["tally.deb", "data.tar.zst", "data.tar", "usr/bin/tally"]. */
	readonly path: readonly string[];
} & (
	| {
			readonly kind: 'content';
			/** Bytes. */
			readonly sizes: readonly [first: number, second: number];
			/** Of the first byte that differs. */
			readonly offset: number;
			/** Positions that differ, and the length that only one of them has. */
			readonly differingBytes: number;
			/** What stands around the offset. */
			readonly excerpts: readonly [first: string, second: string];
	  }
	/** A field of an archive's or compressed file's own headers: mtime, mode, owner, type, link, name, system. */
	| {
			readonly kind: 'field';
			readonly field: string;
			readonly values: readonly [first: string, second: string];
	  }
	/** Only the first, or only the second has this member. */
	| { readonly kind: 'missing' | 'added' }
	/** The same members in another order: the first place at which they part. */
	| { readonly kind: 'order'; readonly values: readonly [first: string, second: string] }
	/** All members or unpacked bytes are the same: compressor, padding or unused header bytes differ. */
	| { readonly kind: 'encoding'; readonly offset: number; readonly sizes: readonly [number, number] }
);
