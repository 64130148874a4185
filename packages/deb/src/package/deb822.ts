import { toPrintable } from '@slipway/core';
import { toDebError } from './error.ts';

/**
 * One stanza (deb822(5)): field names as written, in order. A value's further lines are kept as they stand, each after
 * a line feed and starting with a blank or tab, so that a value read is a value that can be written again.
 */
export type Stanza = ReadonlyMap<string, string>;

export interface StanzaLimits {
	/** Bytes of the whole text. Default 64 MiB. */
	readonly maxBytes?: number;
	/** UTF-16 units of one field with its name. Default 256 Ki. */
	readonly maxField?: number;
	/** Default 200,000. */
	readonly maxStanzas?: number;
}

const MEBIBYTE = 1024 * 1024;
const DEFAULTS = { maxBytes: 64 * MEBIBYTE, maxField: MEBIBYTE / 4, maxStanzas: 200_000 };
const MAX_FIELDS = 512;

/** Printable ASCII but `:` and blank, not starting with `#` or `-` (deb822(5)). */
const FIELD_NAME = /^(?![#-])[!-9;-~]{1,128}$/;
/** All control characters but tab and line feed, and what some readers take for a line's end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

const invalid = (what: string, line: number, problem: string) =>
	toDebError(
		'DEB_STANZA_INVALID',
		`${what}, line ${line}: ${problem}`,
		`Look at where ${what} comes from: dpkg and apt do not write this.`,
	);

const tooLarge = (what: string, limit: string) =>
	toDebError('DEB_TOO_LARGE', `${what}: expected at most ${limit}`, `Look at where ${what} comes from.`);

const toText = (source: string | Uint8Array, what: string): string => {
	if (typeof source === 'string') return source;
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source);
	} catch (cause) {
		throw toDebError('DEB_STANZA_INVALID', `${what} is not UTF-8`, 'Policy 5.1 asks for UTF-8.', cause);
	}
};

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Only blank and tab are white space in deb822(5), so that `trim` would take away too much. */
const toTextEnd = (line: string): number => {
	let end = line.length;
	while (end > 0 && isBlank(line[end - 1])) end -= 1;
	return end;
};

const trimBlanks = (line: string): string => line.slice(0, toTextEnd(line)).replace(/^[ \t]+/, '');

/** Gathers the lines of stanzas; one object a text. */
class StanzaReader {
	readonly #what: string;
	readonly #limits: Required<StanzaLimits>;
	readonly #stanzas: Stanza[] = [];
	#fields = new Map<string, string>();
	#names = new Set<string>();
	#name = '';
	#lines: string[] = [];
	#length = 0;

	constructor(what: string, limits: Required<StanzaLimits>) {
		this.#what = what;
		this.#limits = limits;
	}

	push(line: string, number: number): void {
		if (CONTROL.test(line)) throw invalid(this.#what, number, 'has a control character');
		if (/^[ \t]+$/.test(line))
			throw invalid(this.#what, number, 'has only blanks, which some readers take for the end of the stanza');
		if (line === '') this.#endStanza();
		else if (isBlank(line[0])) this.#continueField(line, number);
		else this.#startField(line, number);
		this.#length += line.length;
		if (this.#length > this.#limits.maxField)
			throw tooLarge(`field ${this.#name} of ${this.#what}`, `${this.#limits.maxField} characters`);
	}

	finish(): readonly Stanza[] {
		this.#endStanza();
		return this.#stanzas;
	}

	#startField(line: string, number: number): void {
		this.#endField();
		const colon = line.indexOf(':');
		const name = line.slice(0, Math.max(0, colon));
		if (!FIELD_NAME.test(name))
			throw invalid(this.#what, number, `expected "Field: value", got "${toPrintable(line, 60)}"`);
		if (this.#names.has(name.toLowerCase())) throw invalid(this.#what, number, `field ${name} appears twice`);
		if (this.#names.size >= MAX_FIELDS) throw tooLarge(this.#what, `${MAX_FIELDS} fields in a stanza`);
		this.#names.add(name.toLowerCase());
		this.#name = name;
		this.#lines = [trimBlanks(line.slice(colon + 1))];
	}

	#continueField(line: string, number: number): void {
		if (this.#lines.length === 0) throw invalid(this.#what, number, 'continues a field, but none has begun');
		this.#lines.push(line.slice(0, toTextEnd(line)));
	}

	#endField(): void {
		if (this.#lines.length > 0) this.#fields.set(this.#name, this.#lines.join('\n'));
		this.#lines = [];
		this.#length = 0;
	}

	#endStanza(): void {
		this.#endField();
		if (this.#fields.size === 0) return;
		if (this.#stanzas.length >= this.#limits.maxStanzas)
			throw tooLarge(this.#what, `${this.#limits.maxStanzas} stanzas`);
		this.#stanzas.push(this.#fields);
		this.#fields = new Map();
		this.#names = new Set();
	}
}

/**
 * Reads stanzas (control files, Packages, Release) and refuses what readers disagree on: duplicate fields, lines of
 * blanks only, carriage returns and other control characters, comments, text that is not UTF-8.
 * @param what names the text in messages, for example "the control file"
 * @throws SlipwayError DEB_STANZA_INVALID, DEB_TOO_LARGE
 */
export const parseStanzas = (
	source: string | Uint8Array,
	what: string,
	limits: StanzaLimits = {},
): readonly Stanza[] => {
	const all = { ...DEFAULTS, ...limits };
	if (source.length > all.maxBytes) throw tooLarge(what, `${all.maxBytes} bytes`);
	const reader = new StanzaReader(what, all);
	const text = toText(source, what);
	let start = 0;
	for (let number = 1; start < text.length; number += 1) {
		const end = text.indexOf('\n', start);
		reader.push(text.slice(start, end === -1 ? text.length : end), number);
		start = end === -1 ? text.length : end + 1;
	}
	return reader.finish();
};

/** A field by its name in any case, as deb822(5) compares names. */
export const findField = (stanza: Stanza, name: string): string | undefined => {
	const value = stanza.get(name);
	if (value !== undefined) return value;
	const lower = name.toLowerCase();
	for (const [key, candidate] of stanza) if (key.toLowerCase() === lower) return candidate;
	return undefined;
};

const findValueProblem = (value: string): string | undefined => {
	const [first = '', ...more] = value.split('\n');
	if (CONTROL.test(value)) return 'has a control character';
	if (value.length > DEFAULTS.maxField) return `is longer than ${DEFAULTS.maxField} characters`;
	if (trimBlanks(first) !== first) return 'has blanks at an end of its first line';
	if (more.some((line) => !/^[ \t]+[^ \t]/.test(line)))
		return 'has a further line that does not start with a blank, or has nothing else';
	return undefined;
};

const checkField = (name: string, value: string): void => {
	const problem = FIELD_NAME.test(name) ? findValueProblem(value) : 'is no field name';
	if (problem === undefined) return;
	throw toDebError(
		'DEB_CONTROL_INVALID',
		`field "${toPrintable(name, 60)}" ${problem}: "${toPrintable(value, 120)}"`,
		'Correct this value in slipway.yml or package.json: it must not begin a field or stanza of its own.',
	);
};

/**
 * The text of one stanza, with its final line feed and without the empty line that parts stanzas.
 * No value can begin a field or a stanza.
 * @throws SlipwayError DEB_CONTROL_INVALID
 */
export const toStanza = (fields: Iterable<readonly [name: string, value: string]>): string => {
	let text = '';
	for (const [name, value] of fields) {
		checkField(name, value);
		text += value === '' || value.startsWith('\n') ? `${name}:${value}\n` : `${name}: ${value}\n`;
	}
	return text;
};
