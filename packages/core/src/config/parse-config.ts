import * as v from 'valibot';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { SlipwayError } from '../error.ts';
import { toPrintable } from '../printable.ts';
import { Config } from './config.ts';
import { findUnsafe } from './find-unsafe.ts';
import { findNearest } from './nearest.ts';

export type ConfigCode = 'CONFIG_INVALID' | 'CONFIG_TOO_LARGE';

const MAX_BYTES = 128 * 1024;
const MAX_PROBLEMS = 50;

const invalid = (file: string, problems: readonly string[], cause?: unknown): SlipwayError =>
	new SlipwayError<ConfigCode>('CONFIG_INVALID', `${file} is not valid:\n  ${problems.join('\n  ')}`, {
		hint: `Correct ${file}; its first line can name slipway.schema.json, with which editors check it while you type.`,
		cause,
	});

type Document = ReturnType<typeof parseDocument>;
type Path = readonly (string | number)[];

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

const OPTIONS = {
	schema: 'core',
	merge: false,
	uniqueKeys: true,
	stringKeys: true,
	prettyErrors: false,
} as const;

/** The parser makes an error of each bad character; collecting a stack for each would take it seconds. */
const withoutStacks = <T>(task: () => T): T => {
	const { stackTraceLimit } = Error;
	Error.stackTraceLimit = 0;
	try {
		return task();
	} finally {
		Error.stackTraceLimit = stackTraceLimit;
	}
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
	const document = withoutStacks(() => parseDocument(source, { ...OPTIONS, lineCounter: lines }));
	const syntax = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS).map(({ message, pos }) => {
		const { line, col } = lines.linePos(pos[0]);
		return `${line}:${col} ${toPrintable(message.split('\n')[0] ?? '', 300)}`;
	});
	if (syntax.length > 0) throw invalid(file, syntax);
	const result = v.safeParse(Config, document.toJS({ maxAliasCount: 0 }) ?? {});
	if (result.success) return result.output;
	throw invalid(
		file,
		result.issues.slice(0, MAX_PROBLEMS).map((issue) => toProblem(document, lines, issue)),
	);
};
