// TypeScript to JavaScript for the bundler, which takes nothing else: .cache/js mirrors packages/ and actions/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const EMITTED = join('.cache', 'js');

interface PackageJson {
	readonly name: string;
	readonly exports?: Readonly<Record<string, string>>;
}

const toCompilerOptions = (): string =>
	JSON.stringify({
		extends: '../../tsconfig.json',
		compilerOptions: {
			noEmit: false,
			noCheck: true,
			removeComments: true,
			rootDir: '../..',
			outDir: '.',
			types: ['node'],
		},
		include: ['../../packages/*/src', '../../actions/*/src'],
		exclude: ['../../**/*.test.ts', '../../**/*.fixture.ts', '../../packages/testing'],
	});

const listWorkspaces = (): string[] =>
	['packages', 'actions'].flatMap((kind) =>
		readdirSync(kind)
			.map((name) => join(kind, name))
			.filter((folder) => existsSync(join(folder, 'package.json'))),
	);

const toEmittedExports = (exports: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(Object.entries(exports).map(([key, path]) => [key, path.replace(/\.ts$/, '.js')]));

const linkFolder = (link: string, target: string): void => {
	mkdirSync(dirname(link), { recursive: true });
	rmSync(link, { recursive: true, force: true });
	symlinkSync(relative(dirname(link), target), link, 'junction');
};

/**
 * The package beside its JavaScript: a link under its name, so that imports resolve to JavaScript, and one to the
 * dependencies that only it has in their version.
 */
const linkWorkspace = (folder: string): void => {
	const { name, exports = {} }: PackageJson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const emitted = join(EMITTED, folder);
	mkdirSync(emitted, { recursive: true });
	const manifest = { name, type: 'module', sideEffects: false, exports: toEmittedExports(exports) };
	writeFileSync(join(emitted, 'package.json'), JSON.stringify(manifest));
	linkFolder(join(EMITTED, 'node_modules', name), emitted);
	const own = join(folder, 'node_modules');
	if (existsSync(own)) linkFolder(join(emitted, 'node_modules'), own);
};

const STAMP = join(EMITTED, 'inputs.sha256');

const listSources = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();

/** One hash over everything that is emitted, and what tells how. */
const toInputs = (): string => {
	const hash = createHash('sha256');
	const folders = listWorkspaces();
	const manifests = folders.map((folder) => join(folder, 'package.json'));
	const sources = folders.flatMap((folder) => listSources(join(folder, 'src')));
	for (const path of ['package-lock.json', 'tsconfig.json', import.meta.filename, ...manifests, ...sources])
		hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
	return hash.digest('hex');
};

/**
 * Emits everything, unless it was made of the very same files before; `fresh`: with nothing left of earlier times. Types
 * are not checked here: `npm run check` does.
 */
export const emitJavaScript = (fresh: boolean): void => {
	const inputs = toInputs();
	if (!fresh && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs) return;
	rmSync(STAMP, { force: true });
	if (fresh) rmSync(EMITTED, { recursive: true, force: true });
	mkdirSync(EMITTED, { recursive: true });
	writeFileSync(join(EMITTED, 'tsconfig.json'), toCompilerOptions());
	const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', EMITTED], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('tsc could not emit');
	for (const folder of listWorkspaces()) linkWorkspace(folder);
	writeFileSync(STAMP, inputs);
};
