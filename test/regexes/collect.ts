import { readWorkspaces, type SourceFile } from '../source-tree.ts';

/** A regular expression of product code. */
export interface FoundRegex {
	readonly source: string;
	readonly flags: string;
	readonly files: readonly string[];
}

interface Node {
	readonly type?: string;
	readonly pattern?: string;
	readonly flags?: string;
	readonly callee?: { readonly value?: string };
}

const listNodes = (value: unknown, nodes: Node[] = []): Node[] => {
	if (value === null || typeof value !== 'object') return nodes;
	nodes.push(value as Node);
	for (const child of Object.values(value)) listNodes(child, nodes);
	return nodes;
};

/** Of `testing` nothing is ever given to users. */
const readProduct = (): readonly SourceFile[] =>
	readWorkspaces()
		.filter(({ folder }) => folder !== 'packages/testing')
		.flatMap(({ files }) => files)
		.filter(({ isTest }) => !isTest);

/** Every literal, once, with the files that have it; and the files that make one from a text. */
export const collectRegexes = (): {
	readonly literals: readonly FoundRegex[];
	readonly made: readonly string[];
} => {
	const literals = new Map<string, FoundRegex>();
	const made = new Set<string>();
	for (const { path, body } of readProduct())
		for (const { type, pattern: source = '', flags = '', callee } of listNodes(body)) {
			if (callee?.value === 'RegExp') made.add(path);
			if (type !== 'RegExpLiteral') continue;
			const key = `/${source}/${flags}`;
			const files = new Set([...(literals.get(key)?.files ?? []), path]);
			literals.set(key, { source, flags, files: [...files] });
		}
	return { literals: [...literals.values()], made: [...made].sort() };
};
