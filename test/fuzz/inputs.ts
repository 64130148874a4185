import fc from 'fast-check';
import { applyEdits, EDIT_KINDS, type Edit } from './edit.ts';

/** Words that many formats know, or fear. */
const WORDS = [
	'null',
	'"__proto__":{},',
	'__proto__: a\n',
	'constructor',
	'\\u0000',
	'\\ud800',
	'\u202e',
	'\ufeff',
	'\0',
	'\r\n',
	'\n\n',
	'\n \n',
	'"',
	"'",
	',',
	':',
	': ',
	'%00',
	'../',
	'/',
	'\\',
	'&a [*a]',
	'<<: *a\n',
	'!!js/function',
	'# ',
	'-----BEGIN PGP SIGNED MESSAGE-----\n',
	'- -----',
	'=',
	'==',
	'@',
	'e\u0301',
];

export interface Material {
	readonly seeds: readonly Uint8Array[];
	readonly words?: readonly string[] | undefined;
	readonly repair?: ((bytes: Uint8Array) => Uint8Array) | undefined;
}

/** A part of any seed: what is put into another is then often well-formed. */
const toPieces = ({ seeds, words = [] }: Material): fc.Arbitrary<Uint8Array> => {
	const parts = fc
		.tuple(fc.constantFrom(...seeds), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(600))
		.map(([seed, at, length]) => {
			const start = Math.floor(at * seed.length);
			return seed.subarray(start, start + length);
		});
	const known = fc.constantFrom(...WORDS, ...words).map((word) => Buffer.from(word));
	return fc.oneof(known, parts, fc.uint8Array({ maxLength: 12 }));
};

/** Seeds after up to eight edits, some with their checksums put right again. */
export const toInputs = (material: Material): fc.Arbitrary<Uint8Array> => {
	const edit: fc.Arbitrary<Edit> = fc.record({
		kind: fc.constantFrom(...EDIT_KINDS),
		at: fc.double({ min: 0, max: 1, noNaN: true }),
		size: fc.nat(255),
		value: fc.nat(255),
		piece: toPieces(material),
	});
	return fc
		.tuple(
			fc.constantFrom(...material.seeds),
			fc.array(edit, { minLength: 1, maxLength: 8, size: 'max' }),
			fc.boolean(),
		)
		.map(([seed, edits, repairs]) => {
			const edited = applyEdits(seed, edits);
			return repairs && material.repair ? material.repair(edited) : edited;
		});
};
