import * as v from 'valibot';
import { isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { SlipwayError } from '../error.ts';
import { toPrintable } from '../printable.ts';
import { findUnsafe } from './find-unsafe.ts';
import { findNearest } from './nearest.ts';
import { toWords } from './words.ts';

const MAX_BYTES = 128 * 1024;
const MAX_PROBLEMS = 50;

type AnySchema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/** How a document is read: its schema, its name, and the codes and hint of its errors. */
export interface YamlDocument<S extends AnySchema> {
	readonly schema: S;
	readonly file: string;
	readonly codes: { readonly invalid: string; readonly tooLarge: string };
	readonly hint: string;
}

const toInvalid = (
	{ file, codes, hint }: YamlDocument<AnySchema>,
	problems: readonly string[],
): SlipwayError =>
	new SlipwayError(codes.invalid, `${file} is not valid:\n  ${problems.join('\n  ')}`, { hint });

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

interface Read {
	readonly document: Document;
	readonly lines: LineCounter;
	readonly schema: AnySchema;
}

/** A schema of a map looks at a list as at a map whose keys are numbers. */
const isListForMap = ({ path }: v.BaseIssue<unknown>): boolean => {
	const last = path?.at(-1);
	return last?.type === 'object' && Array.isArray(last.input);
};

const toProblem = ({ document, lines, schema }: Read, issue: v.BaseIssue<unknown>): string => {
	const full = (issue.path ?? []).map(({ key }) => key as string | number);
	const path = isListForMap(issue) ? full.slice(0, -1) : full;
	const where = `${toPosition(document, lines, path)} ${toPrintable(path.join('.'), 200) || '(document)'}`;
	if (isListForMap(issue)) return `${where}: expected a map (key: value), got a list`;
	if (!isUnknownKey(issue)) return `${where}: ${toPrintable(toWords(issue), 300)}`;
	const parent = issue.path?.at(-1)?.input ?? {};
	const nearest = findNearest(String(path.at(-1)), {
		schema,
		parents: path.slice(0, -1),
		input: parent as object,
	});
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

const toText = (source: string | Uint8Array, options: YamlDocument<AnySchema>): string => {
	const { file, codes } = options;
	if (typeof source === 'string' ? Buffer.byteLength(source) > MAX_BYTES : source.length > MAX_BYTES) {
		throw new SlipwayError(codes.tooLarge, `${file} is larger than ${MAX_BYTES} bytes`, {
			hint: 'A configuration is short; move generated lists into files that commands read.',
		});
	}
	try {
		return typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
	} catch {
		throw toInvalid(options, ['not valid UTF-8']);
	}
};

/**
 * Reads a YAML 1.2 document (core schema) without anchors, aliases, tags, merge keys or duplicate keys, at most 128 KiB.
 * Reports every problem at once, each with line and column, unknown keys with the nearest known one.
 * @throws SlipwayError with the codes of the document
 */
export const parseYaml = <S extends AnySchema>(
	source: string | Uint8Array,
	options: YamlDocument<S>,
): v.InferOutput<S> => {
	const text = toText(source, options);
	const unsafe = findUnsafe(text);
	if (unsafe) throw toInvalid(options, [unsafe]);
	const lines = new LineCounter();
	const document = withoutStacks(() => parseDocument(text, { ...OPTIONS, lineCounter: lines }));
	const syntax = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS).map(({ message, pos }) => {
		const { line, col } = lines.linePos(pos[0]);
		return `${line}:${col} ${toPrintable(message.split('\n')[0] ?? '', 300)}`;
	});
	if (syntax.length > 0) throw toInvalid(options, syntax);
	const result = v.safeParse(options.schema, document.toJS({ maxAliasCount: 0 }) ?? {});
	if (result.success) return result.output;
	const read = { document, lines, schema: options.schema };
	const problems = result.issues.slice(0, MAX_PROBLEMS).map((issue) => toProblem(read, issue));
	throw toInvalid(options, [...new Set(problems)]);
};
