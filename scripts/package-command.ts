// A command that is started often, as one file: most of its time would go into finding a few hundred small ones.
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { toLicences } from './package-registry.ts';

/** What bundled CommonJS asks for by `require` is Node's own. */
const BANNER = `import { createRequire as slipwayCreateRequire } from 'node:module';
const require = slipwayCreateRequire(import.meta.url);`;

/** Under a licence of its own, so it stays a package of its own. */
const EXTERNAL = ['openpgp'];

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

const build = (file: string, lib: string): void => {
	const folder = dirname(file);
	const { metafile } = buildSync({
		entryPoints: [file],
		outdir: folder,
		allowOverwrite: true,
		absWorkingDir: resolve(lib),
		preserveSymlinks: true,
		bundle: true,
		splitting: true,
		chunkNames: 'chunks/[name]-[hash]',
		metafile: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		external: EXTERNAL,
		minifyWhitespace: true,
		minifySyntax: true,
		legalComments: 'none',
		logLevel: 'error',
		banner: { js: BANNER },
	});
	const inputs = Object.keys(metafile.inputs).map((path) => join(lib, path));
	writeFileSync(join(folder, 'chunks', 'licenses.txt'), toLicences(inputs));
};

/** Bundles a file of the emitted code `lib` in its place; what it imports only now and then becomes files in `chunks` beside it. */
export const bundleCommand = (file: string, lib: string): void =>
	withDependencies(lib, () => build(resolve(file), resolve(lib)));
