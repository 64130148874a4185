// The regular expressions that a policy may use: a subset of what every engine reads the same way.

/** One character: which code units it may be. */
export type CharTest = (code: number) => boolean;

export type PatternNode =
	| { readonly kind: 'char'; readonly test: CharTest }
	| { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
	| { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
	| { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number };

const DIGIT: CharTest = (code) => code >= 48 && code <= 57;
const WORD: CharTest = (code) =>
	DIGIT(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const SPACE: CharTest = (code) => code === 32 || (code >= 9 && code <= 13);
const not =
	(test: CharTest): CharTest =>
	(code) =>
		!test(code);
const CLASSES: Readonly<Record<string, CharTest>> = {
	d: DIGIT,
	D: not(DIGIT),
	w: WORD,
	W: not(WORD),
	s: SPACE,
	S: not(SPACE),
};
/** The dot: everything but the ends of lines. */
const ANY: CharTest = (code) => code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029;
const MAX_COUNT = 100;
const MAX_DEPTH = 20;

interface Reader {
	readonly text: string;
	at: number;
	depth: number;
}

const fail = (detail: string): never => {
	throw new SyntaxError(detail);
};

const peek = ({ text, at }: Reader): string => text[at] ?? '';
const take = (reader: Reader): string => {
	const char = peek(reader);
	if (char === '') fail('expected more after the last character');
	reader.at += 1;
	return char;
};
const accept = (reader: Reader, token: string): boolean => {
	if (!reader.text.startsWith(token, reader.at)) return false;
	reader.at += token.length;
	return true;
};

/** After a backslash: a class, or a punctuation character that stands for itself. */
const readEscape = (reader: Reader): CharTest | number => {
	const char = take(reader);
	const known = CLASSES[char];
	if (known !== undefined) return known;
	if (/[0-9k]/.test(char)) fail(`back references (\\${char}) are not allowed`);
	if (/[A-Za-z]/.test(char))
		fail(`\\${char} is not allowed; of the letters only \\d \\w \\s \\D \\W \\S are`);
	return char.charCodeAt(0);
};

const toTest = (item: CharTest | number): CharTest =>
	typeof item === 'number' ? (code) => code === item : item;

const readClassItem = (reader: Reader): CharTest | number => {
	const char = take(reader);
	return char === '\\' ? readEscape(reader) : char.charCodeAt(0);
};

const readClassMember = (reader: Reader): CharTest => {
	const first = readClassItem(reader);
	const isRange = peek(reader) === '-' && reader.text[reader.at + 1] !== ']';
	if (!isRange) return toTest(first);
	reader.at += 1;
	const last = readClassItem(reader);
	if (typeof first !== 'number' || typeof last !== 'number' || last < first)
		return fail('a range in [ ] is the wrong way round');
	return (code) => code >= first && code <= last;
};

const readClass = (reader: Reader): CharTest => {
	const negated = accept(reader, '^');
	const members: CharTest[] = [];
	while (!accept(reader, ']')) members.push(readClassMember(reader));
	if (members.length === 0) fail('[ ] is empty');
	const any: CharTest = (code) => members.some((test) => test(code));
	return negated ? not(any) : any;
};

const readGroup = (reader: Reader): PatternNode => {
	if (!accept(reader, '?:') && peek(reader) === '?')
		fail('of the groups that start with (? only (?: is allowed');
	reader.depth += 1;
	if (reader.depth > MAX_DEPTH) fail(`groups are nested deeper than ${MAX_DEPTH}`);
	const inner = readChoice(reader);
	if (!accept(reader, ')')) fail('a ( has no )');
	reader.depth -= 1;
	return inner;
};

const readAtom = (reader: Reader): PatternNode => {
	const char = take(reader);
	if (char === '(') return readGroup(reader);
	if (char === '[') return { kind: 'char', test: readClass(reader) };
	if (char === '.') return { kind: 'char', test: ANY };
	if (char === '\\') return { kind: 'char', test: toTest(readEscape(reader)) };
	if (/[*+?{}\])]/.test(char))
		fail(`${char} has nothing before it; write \\${char} for the character itself`);
	if (char === '^' || char === '$')
		fail(`${char} is allowed at the ends only; a pattern is anchored in any case`);
	return { kind: 'char', test: toTest(char.charCodeAt(0)) };
};

const readCounts = (reader: Reader): readonly [number, number] => {
	const found = /^(\d{1,4})(,(\d{1,4})?)?\}/.exec(reader.text.slice(reader.at, reader.at + 12));
	if (!found) return fail('expected {n}, {n,} or {n,m}');
	reader.at += found[0].length;
	const min = Number(found[1]);
	const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
	if (min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity)) fail(`counts go up to ${MAX_COUNT}`);
	return max < min ? fail('{n,m} is the wrong way round') : [min, max];
};

const readRepeat = (reader: Reader): PatternNode => {
	const item = readAtom(reader);
	const counts = accept(reader, '*')
		? ([0, Infinity] as const)
		: accept(reader, '+')
			? ([1, Infinity] as const)
			: accept(reader, '?')
				? ([0, 1] as const)
				: accept(reader, '{')
					? readCounts(reader)
					: undefined;
	if (counts === undefined) return item;
	if (/[*+?{]/.test(peek(reader))) fail('a repetition of a repetition is not allowed without a group');
	return { kind: 'repeat', item, min: counts[0], max: counts[1] };
};

const readSequence = (reader: Reader): PatternNode => {
	const items: PatternNode[] = [];
	while (peek(reader) !== '' && peek(reader) !== '|' && peek(reader) !== ')') items.push(readRepeat(reader));
	return { kind: 'sequence', items };
};

const readChoice = (reader: Reader): PatternNode => {
	const items = [readSequence(reader)];
	while (accept(reader, '|')) items.push(readSequence(reader));
	return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
};

/** `^` in front and `$` behind say what is so in any case: a pattern is anchored. */
const withoutAnchors = (text: string): string => {
	const start = text.startsWith('^') ? 1 : 0;
	const isEscaped = /(?:^|[^\\])(?:\\\\)*\\\$$/.test(text);
	return text.slice(start, text.endsWith('$') && !isEscaped ? -1 : undefined);
};

/**
 * Reads a pattern: literals, `.`, `[ ]`, `\d \w \s` and their opposites, groups, `|`, `* + ? {n,m}`. Look-around,
 * back references and flags are refused, so that it can be matched in linear time.
 * @throws SyntaxError
 */
export const parsePatternSyntax = (text: string): PatternNode => {
	const reader: Reader = { text: withoutAnchors(text), at: 0, depth: 0 };
	const node = readChoice(reader);
	return reader.at < reader.text.length ? fail('a ) has no (') : node;
};
