// A command that is started often, as one file: most of its time would go into finding a few hundred small ones.
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { toLicences } from './package-registry.ts';

/** What bundled CommonJS asks for by `require` is Node's own. */
const BANNER = `import { createRequire as slipwayCreateRequire } from 'node:module';
const require = slipwayCreateRequire(import.meta.url);`;

/** Under a licence of its own, so it stays a package of its own. */
const EXTERNAL = ['openpgp'];

/** Bundles an emitted file in its place; what it imports only now and then becomes files in `chunks` beside it. */
export const bundleCommand = (file: string): void => {
	const folder = dirname(file);
	const { metafile } = buildSync({
		entryPoints: [file],
		outdir: folder,
		allowOverwrite: true,
		absWorkingDir: process.cwd(),
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
	const inputs = Object.keys(metafile.inputs).map((path) => relative('.', path));
	writeFileSync(join(folder, 'chunks', 'licenses.txt'), toLicences(inputs));
};
