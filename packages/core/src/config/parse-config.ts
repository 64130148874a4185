import * as v from 'valibot';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { SlipwayError } from '../error.ts';
import { toPrintable } from '../printable.ts';
import { Config } from './config.ts';
import { findNearest } from './nearest.ts';

export type ConfigCode = 'CONFIG_INVALID' | 'CONFIG_TOO_LARGE';

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 16;

const invalid = (file: string, problems: readonly string[], cause?: unknown): SlipwayError =>
	new SlipwayError<ConfigCode>('CONFIG_INVALID', `${file} is not valid:\n  ${problems.join('\n  ')}`, {
		hint: `Correct ${file}; its first line can name slipway.schema.json, with which editors check it while you type.`,
		cause,
	});

type Document = ReturnType<typeof parseDocument>;
type Path = readonly (string | number)[];

/** Refused before anything is built from the document: anchors, aliases, merge keys, tags, deep nesting, non-string keys. */
const findUnsafe = (source: string): string | undefined => {
	// One pass over the raw text is enough to bound nesting: block nesting costs indentation, flow nesting brackets.
	let flow = 0;
	let deepest = 0;
	for (const character of source) {
		if (character === '[' || character === '{') flow += 1;
		if (character === ']' || character === '}') flow -= 1;
		deepest = Math.max(deepest, flow);
	}
	if (deepest > MAX_DEPTH) return `brackets nest deeper than ${MAX_DEPTH} levels`;
	const dashes = source
		.split('\n')
		.some(
			(line) =>
				(line.match(/^(?:\s*- ?)+/)?.[0].match(/-/g)?.length ?? 0) > MAX_DEPTH || /^ {80,}\S/.test(line),
		);
	return dashes ? `lists or maps nest deeper than ${MAX_DEPTH} levels` : undefined;
};

const toPosition = (document: Document, lines: LineCounter, path: Path): string => {
	for (let length = path.length; length >= 0; length -= 1) {
		const found =
			length === 0 ? document.contents : (document.getIn(path.slice(0, length), true) as Node | undefined);
		const parent = length > 0 ? document.getIn(path.slice(0, length - 1), true) : undefined;
		const key = isMap(parent)
			? parent.items.find(({ key }) => String(key) === String(path[length - 1]))?.key
			: undefined;
		const range = ((key as Node | undefined) ?? found)?.range;
		if (range) {
			const { line, col } = lines.linePos(range[0]);
			return `${line}:${col}`;
		}
	}
	return '1:1';
};

const isUnknownKey = (issue: v.BaseIssue<unknown>): boolean =>
	issue.type === 'strict_object' && issue.expected === 'never';

const toProblem = (document: Document, lines: LineCounter, issue: v.BaseIssue<unknown>): string => {
	const path = (issue.path ?? []).map(({ key }) => key as string | number);
	const where = `${toPosition(document, lines, path)} ${toPrintable(path.join('.'), 200) || '(document)'}`;
	if (!isUnknownKey(issue)) return `${where}: ${toPrintable(issue.message, 300)}`;
	const parent = issue.path?.at(-1)?.input ?? {};
	const nearest = findNearest(String(path.at(-1)), path.slice(0, -1), parent as object);
	return `${where}: unknown key${nearest ? `, did you mean "${nearest}"?` : ''}`;
};

/**
 * Reads slipway.yml: YAML 1.2 core schema without anchors, aliases, tags, merge keys or duplicate keys.
 * Reports every problem at once, each with line and column, unknown keys with the nearest known one.
 * @throws SlipwayError CONFIG_INVALID, CONFIG_TOO_LARGE
 */
export const parseConfig = (source: string, file = 'slipway.yml'): Config => {
	if (Buffer.byteLength(source) > MAX_BYTES) {
		throw new SlipwayError<ConfigCode>('CONFIG_TOO_LARGE', `${file} is larger than ${MAX_BYTES} bytes`, {
			hint: 'A configuration is short; move generated lists into build commands.',
		});
	}
	const unsafe = findUnsafe(source);
	if (unsafe) throw invalid(file, [unsafe]);
	const lines = new LineCounter();
	const document = parseDocument(source, {
		lineCounter: lines,
		schema: 'core',
		merge: false,
		uniqueKeys: true,
		stringKeys: true,
		prettyErrors: false,
	});
	const syntax = [...document.errors, ...document.warnings].map(({ message, pos }) => {
		const { line, col } = lines.linePos(pos[0]);
		return `${line}:${col} ${toPrintable(message.split('\n')[0] ?? '', 300)}`;
	});
	if (syntax.length > 0) throw invalid(file, syntax.slice(0, 50));
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 0 }) ?? {};
	} catch (cause) {
		throw invalid(file, ['aliases are not allowed'], cause);
	}
	const result = v.safeParse(Config, value);
	if (result.success) return result.output;
	throw invalid(
		file,
		result.issues.slice(0, 50).map((issue) => toProblem(document, lines, issue)),
	);
};
