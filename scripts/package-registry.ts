// The registry of the rehearsal as one file: hundreds of packages that nobody has to install, in exactly these versions.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { type BundledPackage, readBundled, toLicences } from './package-parts.ts';

const FOLDER = join('rehearsal', 'src', 'npm-registry');
const CHILD = 'verdaccio-child.js';

/** Verdaccio looks for its plugins by name at run time; the one that is configured is part of the file. */
const PLUGIN = 'verdaccio-htpasswd';

const BANNER = `import { createRequire as slipwayCreateRequire } from 'node:module';
import { fileURLToPath as slipwayToPath } from 'node:url';
const slipwayPlugins = {};
const slipwayRequire = slipwayCreateRequire(import.meta.url);
const require = Object.assign((name) => Object.hasOwn(slipwayPlugins, name) ? slipwayPlugins[name] : slipwayRequire(name), slipwayRequire);
const __filename = slipwayToPath(import.meta.url);
const __dirname = slipwayToPath(new URL('.', import.meta.url));`;

/** Plugins are looked up when the server starts: after everything is imported. */
const toEntry = (child: string): string => `import * as slipwayPlugin from '${PLUGIN}';
slipwayPlugins['${PLUGIN}'] = slipwayPlugin;
${readFileSync(child, 'utf8')}`;

/** Replaces one text in an emitted file, where it must stand exactly once. */
const replaceOnce = (path: string, from: string, to: string): void => {
	const parts = readFileSync(path, 'utf8').split(from);
	if (parts.length !== 2) throw new Error(`expected ${JSON.stringify(from)} once in ${path}`);
	writeFileSync(path, parts.join(to));
};

interface BundledRegistry {
	/** Its place in `lib`. */
	readonly file: string;
	readonly bundled: readonly BundledPackage[];
}

/** Bundles the child that runs Verdaccio into the emitted file of its name. */
export const bundleRegistry = (lib: string): BundledRegistry => {
	const child = join(lib, FOLDER, CHILD);
	const { outputFiles, metafile } = buildSync({
		stdin: { contents: toEntry(child), resolveDir: process.cwd(), sourcefile: CHILD },
		absWorkingDir: process.cwd(),
		preserveSymlinks: true,
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		minifyWhitespace: true,
		minifySyntax: true,
		legalComments: 'none',
		logLevel: 'error',
		banner: { js: BANNER },
	});
	const [bundle] = outputFiles;
	if (bundle === undefined) throw new Error('esbuild made nothing');
	rmSync(child);
	writeFileSync(child, bundle.contents);
	const bundled = readBundled(Object.keys(metafile.inputs).map((path) => relative('.', path)));
	writeFileSync(join(lib, FOLDER, 'licenses.txt'), toLicences(bundled));
	const { version } = JSON.parse(readFileSync(join('node_modules', 'verdaccio', 'package.json'), 'utf8'));
	replaceOnce(
		join(lib, 'rehearsal', 'src', 'result', 'read-tools.js'),
		"createRequire(import.meta.url)('verdaccio/package.json')",
		`({ version: ${JSON.stringify(version)} })`,
	);
	return { file: join(FOLDER, CHILD), bundled };
};
