// The code of the published package in few files: most of a start would go into finding a few hundred small ones, and most
// of an installation into fetching a few hundred packages.
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { type BundledPackage, readBundled, toLicences } from './package-parts.ts';

/** What bundled CommonJS asks for by `require` is Node's own. */
const BANNER = `import { createRequire as slipwayCreateRequire } from 'node:module';
const require = slipwayCreateRequire(import.meta.url);`;

/** Under a licence of its own, so it stays a package of its own. */
export const EXTERNAL: readonly string[] = ['openpgp'];

const readVersion = (folder: string): string =>
	JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/**
 * Dependencies of which workspaces have a version of their own, by name: where they lie.
 * @throws Error where two workspaces mean two versions
 */
const findOwnDependencies = (): ReadonlyMap<string, string> => {
	const found = new Map<string, string>();
	for (const workspace of readdirSync('packages').map((name) => join('packages', name))) {
		const { dependencies = {} } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8'));
		for (const name of Object.keys(dependencies)) {
			const path = resolve(workspace, 'node_modules', name);
			if (!existsSync(path)) continue;
			if (readVersion(found.get(name) ?? path) !== readVersion(path))
				throw new Error(
					`expected one version of ${name} for all workspaces, got ${path} and ${found.get(name)}`,
				);
			found.set(name, path);
		}
	}
	return found;
};

/**
 * Dependencies beside the emitted code, as the workspaces have them, while the task runs: what is bundled depends on no
 * folder around it, neither in what it finds nor in its bytes.
 */
const withDependencies = <T>(lib: string, task: () => T): T => {
	const links = join(lib, 'node_modules');
	const own = findOwnDependencies();
	mkdirSync(links);
	try {
		for (const name of readdirSync('node_modules').filter((entry) => /^[^.]/.test(entry)))
			symlinkSync(own.get(name) ?? resolve('node_modules', name), join(links, name));
		return task();
	} finally {
		rmSync(links, { recursive: true });
	}
};

/** Emitted JavaScript that went into the bundle. */
const removeEmitted = (lib: string, kept: ReadonlySet<string>): void => {
	for (const entry of readdirSync(lib, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && path.endsWith('.js') && !kept.has(path)) rmSync(path);
	}
};

interface Built {
	/** Absolute. */
	readonly outputs: readonly string[];
	readonly bundled: readonly BundledPackage[];
}

const build = (lib: string, entries: readonly string[]): Built => {
	const { metafile } = buildSync({
		entryPoints: entries.map((entry) => join(lib, entry)),
		outdir: lib,
		outbase: lib,
		allowOverwrite: true,
		absWorkingDir: lib,
		preserveSymlinks: true,
		bundle: true,
		splitting: true,
		chunkNames: 'chunks/[name]-[hash]',
		metafile: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		external: [...EXTERNAL],
		minifyWhitespace: true,
		minifySyntax: true,
		legalComments: 'none',
		logLevel: 'error',
		banner: { js: BANNER },
	});
	const bundled = readBundled(Object.keys(metafile.inputs).map((path) => join(lib, path)));
	writeFileSync(join(lib, 'chunks', 'licenses.txt'), toLicences(bundled));
	return { outputs: Object.keys(metafile.outputs).map((path) => join(lib, path)), bundled };
};

/**
 * Bundles the emitted code `lib` in its place: `entries`, files in it, stay where they are; what they share, and what is
 * imported only now and then, becomes files in `chunks`. `alone` are programs of their own, which stay too.
 * @returns packages of others that are in it
 */
export const bundlePackage = (
	lib: string,
	entries: readonly string[],
	alone: readonly string[],
): readonly BundledPackage[] => {
	const folder = resolve(lib);
	const { outputs, bundled } = withDependencies(folder, () => build(folder, entries));
	removeEmitted(folder, new Set([...outputs, ...alone.map((file) => join(folder, file))]));
	return bundled;
};
