const MAX_LINES = 3_000_000;
const MAX_INDENT = 64;
const MAX_FLOW = 16;
const MAX_LINE = 64 * 1024;

/** Not allowed in YAML 1.2 (5.1), and tabs, with which no lockfile is indented. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff]/;

/** How many more brackets a line opens than it closes; quotes are not looked at: a lockfile's lines balance either way. */
const toFlowDepth = (line: string): number => {
	let depth = 0;
	let deepest = 0;
	for (let at = 0; at < line.length; at += 1) {
		const sign = line[at];
		if (sign === '[' || sign === '{') depth += 1;
		else if (sign === ']' || sign === '}') depth -= 1;
		deepest = Math.max(deepest, depth);
	}
	return deepest;
};

const findInLine = (line: string): string | undefined => {
	if (line.length > MAX_LINE) return `a line longer than ${MAX_LINE} characters`;
	const indent = /^ */.exec(line)?.[0].length ?? 0;
	if (indent > MAX_INDENT) return 'nesting deeper than lockfiles have';
	const text = line.slice(indent);
	if (/^(?:- ){2,}|^[?%!]/.test(text)) return 'nested lists, complex keys, directives or tags';
	if (/(?:^|[:-] +)[&*!][^\s]/.test(text) && !/^['"]/.test(text)) return 'anchors, aliases or tags';
	return toFlowDepth(text) > MAX_FLOW ? 'brackets nested deeper than lockfiles have' : undefined;
};

/**
 * Looks at the lines of a YAML lockfile before a parser sees them: what makes parsers slow or readers disagree (aliases,
 * tags, deep nesting) is in no lockfile that a package manager writes. One pass, stops at the first.
 * @returns `line: problem`, or undefined
 */
export const findUnsafeYaml = (source: string): string | undefined => {
	if (CONTROL.test(source)) return 'control characters';
	let flow = 0;
	let start = 0;
	for (let number = 1; start <= source.length; number += 1) {
		if (number > MAX_LINES) return `${number}: too many lines`;
		const end = source.indexOf('\n', start);
		const line = source.slice(start, end < 0 ? source.length : end);
		const problem = findInLine(line);
		if (problem) return `${number}: ${problem}`;
		// Brackets that stay open over many lines are nesting too.
		flow = Math.max(0, flow + line.split(/[[{]/).length - line.split(/[\]}]/).length);
		if (flow > MAX_FLOW) return `${number}: brackets nested deeper than lockfiles have`;
		if (line !== '' && line[0] !== ' ' && line[0] !== ']' && line[0] !== '}') flow = Math.min(flow, 1);
		if (end < 0) return undefined;
		start = end + 1;
	}
	return undefined;
};
