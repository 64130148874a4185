// JavaScript and declarations of the workspaces that a published package is made of, in a folder of their own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Workspace {
	/** Name of its folder in packages. */
	readonly folder: string;
	readonly name: string;
	readonly version: string;
	readonly exports: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
}

const readWorkspace = (folder: string): Workspace => {
	const {
		name,
		version,
		exports = {},
		dependencies = {},
	} = JSON.parse(readFileSync(join('packages', folder, 'package.json'), 'utf8'));
	return { folder, name, version, exports, dependencies };
};

/** A workspace and every workspace that it needs, by the name of the package. */
export const collectWorkspaces = (first: string): ReadonlyMap<string, Workspace> => {
	const all = new Map(
		readdirSync('packages')
			.filter((folder) => existsSync(join('packages', folder, 'package.json')))
			.map(readWorkspace)
			.map((workspace) => [workspace.name, workspace]),
	);
	const found = new Map<string, Workspace>();
	const visit = (name: string): void => {
		const workspace = all.get(name);
		if (workspace === undefined || found.has(name)) return;
		found.set(name, workspace);
		for (const dependency of Object.keys(workspace.dependencies).sort()) visit(dependency);
	};
	visit(first);
	return found;
};

/** Inside one package the workspaces are found by its `imports` (Node.js, subpath imports). */
export const toSubpath = (specifier: string): string => specifier.replace(/^@/, '#');

const SPECIFIER = /(['"])(@slipway\/[a-z-]+(?:\/[a-z-]+)*)\1/g;

const rewrite = (path: string): void => {
	const text = readFileSync(path, 'utf8');
	const rewritten = text.replace(
		SPECIFIER,
		(_, quote, specifier) => `${quote}${toSubpath(specifier)}${quote}`,
	);
	if (rewritten !== text) writeFileSync(path, rewritten);
};

const listFiles = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([.#][^'"]+)['"]/g;

/** Declarations that the public ones lead to; the others would only be weight. */
const collectDeclarations = (
	entries: readonly string[],
	toFile: (specifier: string) => string | undefined,
): ReadonlySet<string> => {
	const seen = new Set<string>();
	const visit = (path: string): void => {
		if (seen.has(path) || !existsSync(path)) return;
		seen.add(path);
		for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
			const next = specifier.startsWith('#') ? toFile(specifier) : join(dirname(path), specifier);
			if (next) visit(next.replace(/\.[jt]s$/, '.d.ts').replace(/\.d\.d\.ts$/, '.d.ts'));
		}
	};
	for (const entry of entries) visit(entry);
	return seen;
};

/** The compiler's settings lie in the repository, where it finds the types; what it makes may go anywhere. */
const compile = (workspaces: readonly Workspace[], out: string): void => {
	mkdirSync('.cache', { recursive: true });
	const file = join('.cache', `tsconfig.package-${process.pid}.json`);
	const config = {
		extends: '../tsconfig.json',
		compilerOptions: {
			noEmit: false,
			noCheck: true,
			declaration: true,
			rootDir: '../packages',
			outDir: resolve(out),
			types: ['node'],
		},
		include: workspaces.map(({ folder }) => `../packages/${folder}/src`),
		exclude: ['../packages/**/*.test.ts', '../packages/**/*.fixture.ts'],
	};
	writeFileSync(file, JSON.stringify(config));
	const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
	const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', file], { encoding: 'utf8' });
	rmSync(file);
	if (status !== 0) throw new Error(`tsc could not emit:\n${stdout}`);
};

const PACKAGE = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^'"]*)?['"]/g;

/** Packages of others that a declaration takes types from. */
const listPackages = (path: string): string[] =>
	existsSync(path) ? [...readFileSync(path, 'utf8').matchAll(PACKAGE)].map(([, name = '']) => name) : [];

/**
 * Emits into `out`: `<workspace>/src/…`, imports rewritten, declarations of `entries` and what they lead to.
 * @returns names of the packages that those declarations need
 */
export const emitPackages = (
	workspaces: ReadonlyMap<string, Workspace>,
	out: string,
	entries: readonly string[],
): ReadonlySet<string> => {
	compile([...workspaces.values()], out);
	for (const path of listFiles(out)) rewrite(path);
	const toFile = (specifier: string): string | undefined => {
		const [, name = '', key = ''] = /^#(slipway\/[a-z-]+)(.*)$/.exec(specifier) ?? [];
		const workspace = workspaces.get(`@${name}`);
		const path = workspace?.exports[`.${key}`];
		return workspace && path && join(out, workspace.folder, path);
	};
	const kept = collectDeclarations(
		entries.map((entry) => join(out, entry)),
		toFile,
	);
	for (const path of listFiles(out)) if (path.endsWith('.d.ts') && !kept.has(path)) rmSync(path);
	return new Set([...kept].flatMap(listPackages));
};
