import { quote, toSbomError } from '../code.ts';
import { checkCount, LIMITS } from '../graph/limits.ts';

/** One entry of yarn.lock version 1. */
export interface YarnEntry {
	/** `name@range`, one for each range that resolved to it. */
	readonly descriptors: readonly string[];
	readonly version: string;
	readonly resolved?: string | undefined;
	readonly integrity?: string | undefined;
	readonly dependencies: ReadonlyMap<string, string>;
	readonly optionalDependencies: ReadonlyMap<string, string>;
}

interface Draft {
	readonly descriptors: readonly string[];
	readonly fields: Map<string, string>;
	dependencies?: Map<string, string>;
	optionalDependencies?: Map<string, string>;
}

const MAX_LINE = 64 * 1024;
const NONE: ReadonlyMap<string, string> = new Map();

const invalid = (source: string, line: number, problem: string) =>
	toSbomError('SBOM_SOURCE_INVALID', `${source}: line ${line}: ${problem}`);

const takeQuoted = (text: string): readonly [string, string] | undefined => {
	for (let at = 1; at < text.length; at += 1) {
		if (text[at] === '\\') at += 1;
		else if (text[at] === '"') {
			try {
				return [JSON.parse(text.slice(0, at + 1)) as string, text.slice(at + 1)];
			} catch {
				return undefined;
			}
		}
	}
	return undefined;
};

/** A word, or a text in double quotes with JSON's escapes; and what follows it. A colon at the line's end ends a word. */
const takeWord = (text: string): readonly [string, string] | undefined => {
	if (text.startsWith('"')) return takeQuoted(text);
	const word = /^[^\s,]+/.exec(text)?.[0];
	if (word === undefined) return undefined;
	const end = word.length === text.length && word.endsWith(':') ? word.length - 1 : word.length;
	return [text.slice(0, end), text.slice(end)];
};

/** `"a@^1", b@2:` */
const parseDescriptors = (line: string): readonly string[] | undefined => {
	const descriptors: string[] = [];
	for (let rest = line; rest !== ':'; ) {
		const taken = takeWord(rest);
		if (!taken || taken[0] === '') return undefined;
		descriptors.push(taken[0]);
		rest = taken[1].trimEnd();
		if (rest === '' || rest === ':') return rest === ':' ? descriptors : undefined;
		if (!rest.startsWith(',')) return undefined;
		rest = rest.slice(1).trimStart();
	}
	return undefined;
};

const parsePair = (text: string): readonly [string, string] | undefined => {
	const key = takeWord(text);
	const value = key && takeWord(key[1].trimStart());
	return key && value && value[1].trim() === '' && key[0] !== '' ? [key[0], value[0]] : undefined;
};

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

class Reader {
	readonly #drafts: Draft[] = [];
	#section: Map<string, string> | undefined;
	readonly #source: string;

	constructor(source: string) {
		this.#source = source;
	}

	read(line: string, number: number): void {
		if (line.trim() === '' || line.startsWith('#')) return;
		if (line.length > MAX_LINE || line.includes('\t'))
			throw invalid(this.#source, number, 'expected short lines without tabs');
		const indent = line.length - line.trimStart().length;
		const text = line.trim();
		if (indent === 0) this.#open(text, number);
		else if (indent === 2) this.#readField(text, number);
		else if (indent === 4 && this.#section) this.#add(this.#section, parsePair(text), number);
		else
			throw invalid(this.#source, number, `expected 0, 2 or 4 blanks before ${quote(text)}, got ${indent}`);
	}

	get drafts(): readonly Draft[] {
		return this.#drafts;
	}

	#open(text: string, number: number): void {
		const descriptors = parseDescriptors(text);
		if (!descriptors) throw invalid(this.#source, number, `expected \`name@range:\`, got ${quote(text)}`);
		this.#section = undefined;
		this.#drafts.push({ descriptors, fields: new Map() });
		checkCount(this.#drafts.length, LIMITS.packages, 'packages');
	}

	#readField(text: string, number: number): void {
		const draft = this.#drafts.at(-1);
		if (!draft) throw invalid(this.#source, number, 'expected `name@range:` first');
		this.#section = undefined;
		if (text === 'dependencies:') this.#section = draft.dependencies ??= new Map();
		else if (text === 'optionalDependencies:') this.#section = draft.optionalDependencies ??= new Map();
		else if (text.endsWith(':') && !text.includes(' ')) this.#section = new Map();
		else this.#add(draft.fields, parsePair(text), number);
	}

	#add(target: Map<string, string>, pair: readonly [string, string] | undefined, number: number): void {
		if (!pair) throw invalid(this.#source, number, 'expected a key and a value');
		if (UNSAFE.has(pair[0]) || target.has(pair[0]))
			throw invalid(this.#source, number, `${quote(pair[0])} stands twice or is no name`);
		target.set(pair[0], pair[1]);
	}
}

/**
 * Reads the lines of yarn.lock version 1 (yarn 1), in one pass: entries by descriptor, two levels of keys below.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_TOO_LARGE
 */
export const parseYarnV1 = (text: string, source: string): readonly YarnEntry[] => {
	const reader = new Reader(source);
	let number = 0;
	for (let start = 0; start <= text.length; ) {
		const end = text.indexOf('\n', start);
		number += 1;
		reader.read(text.slice(start, end < 0 ? text.length : end).replace(/\r$/, ''), number);
		if (end < 0) break;
		start = end + 1;
	}
	return reader.drafts.map(({ descriptors, fields, dependencies = NONE, optionalDependencies = NONE }) => {
		const version = fields.get('version');
		if (version === undefined)
			throw toSbomError(
				'SBOM_SOURCE_INVALID',
				`${source}: expected a version of ${quote(descriptors[0] ?? '')}, got none`,
			);
		return {
			descriptors,
			version,
			resolved: fields.get('resolved'),
			integrity: fields.get('integrity'),
			dependencies,
			optionalDependencies,
		};
	});
};
