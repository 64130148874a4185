import { CST, Lexer, LineCounter } from 'yaml';

/**
 * About 3,000 lines. What a parser does, and how many errors it can report, is bounded by the number of tokens and of
 * escapes inside them.
 */
const MAX_TOKENS = 20_000;
const MAX_DEPTH = 16;
const MAX_INDENT = 80;

const REFUSED: Readonly<Record<string, string>> = {
	anchor: 'anchors and aliases (&, *)',
	alias: 'anchors and aliases (&, *)',
	tag: 'tags (!)',
	'explicit-key-ind': 'complex keys (?)',
	'directive-line': 'directives (%)',
};

/** Not allowed in YAML 1.2 (5.1); among them those that the lexer puts between tokens as marks. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** How deep lists and maps stand inside each other, as far as tokens tell. */
class Depth {
	#flow = 0;
	#items = 0;

	isOutside(type: string | null, token: string): boolean {
		if (type === 'newline') this.#items = 0;
		if (type === 'seq-item-ind') this.#items += 1;
		if (type === 'flow-seq-start' || type === 'flow-map-start') this.#flow += 1;
		if (type === 'flow-seq-end' || type === 'flow-map-end') this.#flow -= 1;
		const isIndent = type === 'space' && this.#items === 0 && token.length > MAX_INDENT;
		return isIndent || this.#items > MAX_DEPTH || this.#flow > MAX_DEPTH || this.#flow < 0;
	}
}

/**
 * Looks at the tokens of a YAML text before anything is built from it: anchors, aliases, tags, complex keys,
 * directives, deep nesting, and more tokens than any configuration has. Stops at the first.
 * @returns `line:column problem`, or undefined
 */
export const findUnsafe = (source: string): string | undefined => {
	const lines = new LineCounter();
	const depth = new Depth();
	let offset = 0;
	let count = 0;
	let isScalar = false;
	lines.addNewLine(0);
	const toPlace = (problem: string): string => {
		const { line, col } = lines.linePos(offset);
		return `${line}:${col} ${problem}`;
	};
	if (CONTROL.test(source)) return 'control characters are not allowed';
	for (const token of new Lexer().lex(source)) {
		const type = isScalar ? 'scalar' : CST.tokenType(token);
		count += type === 'double-quoted-scalar' ? token.split('\\').length : 1;
		if (REFUSED[type ?? '']) return toPlace(`${REFUSED[type ?? '']} are not allowed`);
		if (depth.isOutside(type, token))
			return toPlace(`nests deeper than ${MAX_DEPTH} levels, or closes more brackets than it opens`);
		if (count > MAX_TOKENS) return toPlace(`has more than ${MAX_TOKENS} words and signs`);
		isScalar = token === CST.SCALAR;
		if (MARKS.has(token)) continue;
		for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1))
			lines.addNewLine(offset + at + 1);
		offset += token.length;
	}
	return undefined;
};
