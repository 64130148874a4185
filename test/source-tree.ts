import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type ModuleItem, parseSync } from '@swc/core';

export const ROOT = join(import.meta.dirname, '..');

/** One TypeScript file as the rules see it; `path` relative to the repository, with `/`. */
export interface SourceFile {
	readonly path: string;
	/** A test or what only tests run (fixtures). */
	readonly isTest: boolean;
	readonly lines: number;
	/** Specifiers of static, dynamic and type imports and of re-exports, in order. */
	readonly imports: readonly string[];
	/** Every string literal: a program may be found by `resolve('name')` instead of an import. */
	readonly strings: readonly string[];
	readonly body: readonly ModuleItem[];
}

/** A workspace: one folder of packages/ or actions/ with the files below its src/. */
export interface Workspace {
	readonly folder: string;
	readonly kind: 'package' | 'action';
	readonly manifest: {
		readonly name: string;
		readonly dependencies?: Readonly<Record<string, string>>;
		readonly devDependencies?: Readonly<Record<string, string>>;
		readonly exports?: Readonly<Record<string, string>>;
	};
	readonly files: readonly SourceFile[];
}

/** Fields that syntax nodes of interest have, all optional: the tree is walked without knowing it. */
interface Node {
	readonly type?: string;
	readonly value?: unknown;
	readonly source?: { readonly value?: string } | null;
	readonly callee?: { readonly type?: string };
	readonly arguments?: unknown;
	readonly argument?: { readonly value?: string };
}

/** Into one list, since there are millions. */
const listNodes = (value: unknown, nodes: Node[] = []): Node[] => {
	if (value === null || typeof value !== 'object') return nodes;
	nodes.push(value as Node);
	for (const [key, child] of Object.entries(value)) if (key !== 'span') listNodes(child, nodes);
	return nodes;
};

const toImport = (node: Node): string | undefined => {
	if (/^(ImportDeclaration|Export(All|Named)Declaration)$/.test(node.type ?? '')) return node.source?.value;
	if (node.type === 'TsImportType') return node.argument?.value;
	return node.callee?.type === 'Import' ? toLiteral(node.arguments) : undefined;
};

const toLiteral = (call: unknown): string => {
	const [first] = call as { expression: { type: string; value?: string } }[];
	return first?.expression.type === 'StringLiteral' ? String(first.expression.value) : '(computed)';
};

const toMeasured = (path: string, source: string): Pick<SourceFile, 'path' | 'isTest' | 'lines'> => ({
	path: relative(ROOT, path).split(sep).join('/'),
	isTest: /\.(test|fixture)\.ts$/.test(path),
	lines: source.split('\n').length - 1,
});

const readSourceFile = (path: string): SourceFile => {
	const source = readFileSync(path, 'utf8');
	const { body } = parseSync(source, { syntax: 'typescript', target: 'es2024' });
	const nodes = listNodes(body);
	return {
		...toMeasured(path, source),
		imports: nodes.flatMap((node) => toImport(node) ?? []),
		strings: nodes.flatMap(({ type, value }) => (type === 'StringLiteral' ? String(value) : [])),
		body,
	};
};

const listSourceFiles = (folder: string): readonly string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter(
			(entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
		)
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();

/** Every TypeScript file below a folder of the repository. */
const readSourceFiles = (folder: string): SourceFile[] => listSourceFiles(folder).map(readSourceFile);

/** How long each of them is: nothing of it is parsed. */
export const measureSourceFiles = (
	folder: string,
): readonly Pick<SourceFile, 'path' | 'isTest' | 'lines'>[] =>
	listSourceFiles(folder).map((path) => toMeasured(path, readFileSync(path, 'utf8')));

const readWorkspacesOf = (kind: Workspace['kind']): Workspace[] =>
	readdirSync(join(ROOT, `${kind}s`))
		.filter((name) => existsSync(join(ROOT, `${kind}s`, name, 'package.json')))
		.map((name) => `${kind}s/${name}`)
		.map((folder) => ({
			folder,
			kind,
			manifest: JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')),
			files: readSourceFiles(`${folder}/src`),
		}));

export const readWorkspaces = (): Workspace[] => [
	...readWorkspacesOf('package'),
	...(existsSync(join(ROOT, 'actions')) ? readWorkspacesOf('action') : []),
];

/** The short name a workspace goes by in the rules: "core", "cli", "actions". */
export const toLayerName = ({ kind, folder }: Workspace): string =>
	kind === 'action' ? 'actions' : basename(folder);

/** `@scope/name` or `name` of a specifier that is neither relative nor built into Node; undefined for those. */
export const toPackageName = (specifier: string): string | undefined => {
	if (/^(\.|node:)/.test(specifier)) return undefined;
	return specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
};
