/** One change of bytes. Places are shares of the length, so that an edit fits every input. */
export interface Edit {
	readonly kind: (typeof EDIT_KINDS)[number];
	/** 0 to 1. */
	readonly at: number;
	/** 0 to 255; each kind makes of it what it needs. */
	readonly size: number;
	readonly value: number;
	readonly piece: Uint8Array;
}

export const EDIT_KINDS = [
	'flip',
	'set',
	'cut',
	'insert',
	'overwrite',
	'repeat',
	'decimal',
	'word',
	'truncate',
	'nest',
	'move',
] as const;

export const MAX_INPUT_BYTES = 256 * 1024;

const NUMBERS = [
	'0',
	'1',
	'-1',
	'7',
	'8',
	'09',
	'255',
	'65536',
	'2147483648',
	'4294967295',
	'8589934592',
	'9007199254740993',
	'18446744073709551616',
	'1e999',
	'0x10',
	'',
	'99999999999999999999999999',
];
const WORDS = [
	0n,
	1n,
	0x7fn,
	0x80n,
	0xffn,
	0xffffn,
	0x7fffffffn,
	0x80000000n,
	0xffffffffn,
	0x20000000000001n,
];
const NESTS: readonly (readonly [string, string])[] = [
	['[', ']'],
	['{"a":', '}'],
	['(', ')'],
	['- ', ''],
	['{a: ', '}'],
	[' ', ''],
	['<', '>'],
	['a/', ''],
];

const splice = (bytes: Uint8Array, start: number, end: number, piece: Uint8Array): Uint8Array =>
	Buffer.concat([bytes.subarray(0, start), piece, bytes.subarray(end)]);

const pick = <T>(list: readonly T[], value: number): T => list[value % list.length] as T;

const replaceDecimal = (bytes: Uint8Array, start: number, { size, value }: Edit): Uint8Array => {
	const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39;
	const first = bytes.subarray(start).findIndex(isDigit);
	if (first < 0) return bytes;
	const from = start + first;
	let end = from;
	while (isDigit(bytes[end])) end += 1;
	const number = pick(NUMBERS, value);
	// Every other one keeps its width, as fields of archives do.
	const text = size % 2 === 0 ? number : number.slice(0, end - from).padStart(end - from, '0');
	return splice(bytes, from, end, Buffer.from(text));
};

const overwriteWord = (bytes: Uint8Array, start: number, { size, value }: Edit): Uint8Array => {
	const width = pick([1, 2, 4, 8], size);
	if (start + width > bytes.length) return bytes;
	const word = Buffer.alloc(8);
	word.writeBigUInt64LE(pick(WORDS, value));
	const field = Buffer.from(word.subarray(0, width));
	return splice(bytes, start, start + width, size % 3 === 0 ? field.reverse() : field);
};

const nest = (bytes: Uint8Array, start: number, { size, value }: Edit): Uint8Array => {
	const [open, close] = pick(NESTS, value);
	const depth = 2 ** (size % 12);
	const end = Math.min(bytes.length, start + (size % 32));
	const inner = bytes.subarray(start, end);
	const whole = [Buffer.from(open.repeat(depth)), inner, Buffer.from(close.repeat(depth))];
	return splice(bytes, start, end, Buffer.concat(whole));
};

const EDITS: Readonly<Record<Edit['kind'], (bytes: Uint8Array, start: number, edit: Edit) => Uint8Array>> = {
	flip: (bytes, start, { value }) =>
		bytes.map((byte, index) => (index === start ? byte ^ (1 << (value % 8)) : byte)),
	set: (bytes, start, { value }) => bytes.map((byte, index) => (index === start ? value : byte)),
	cut: (bytes, start, { size }) => splice(bytes, start, start + size, new Uint8Array()),
	insert: (bytes, start, { piece }) => splice(bytes, start, start, piece),
	overwrite: (bytes, start, { piece }) => splice(bytes, start, start + piece.length, piece),
	repeat: (bytes, start, { size, value }) => {
		const block = bytes.subarray(start, start + 1 + size * (value % 5));
		const room = Math.max(0, MAX_INPUT_BYTES - bytes.length);
		const count = Math.min(2 ** (value % 10), Math.floor(room / Math.max(1, block.length)));
		return splice(bytes, start, start, Buffer.concat(Array.from({ length: count }, () => block)));
	},
	decimal: replaceDecimal,
	word: overwriteWord,
	truncate: (bytes, start) => bytes.subarray(0, start),
	nest,
	move: (bytes, start, { size, value }) => {
		const block = bytes.subarray(start, start + size);
		const rest = splice(bytes, start, start + size, new Uint8Array());
		const to = Math.floor((value / 256) * rest.length);
		return splice(rest, to, to, block);
	},
};

/** The bytes after all edits, one after the other, cut off at the largest size. */
export const applyEdits = (bytes: Uint8Array, edits: readonly Edit[]): Uint8Array => {
	let edited = bytes;
	for (const edit of edits) edited = EDITS[edit.kind](edited, Math.floor(edit.at * edited.length), edit);
	return edited.subarray(0, MAX_INPUT_BYTES);
};
