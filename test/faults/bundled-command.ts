import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');
const BANNER = `import { createRequire as slipwayCreateRequire } from 'node:module';
const require = slipwayCreateRequire(import.meta.url);`;

/**
 * The command `slipway` in a few files instead of some hundred, which starts in half of the time: thousands of starts are
 * what trials of faults take. @returns the path of its main file
 */
export const bundleCommand = async (): Promise<string> => {
	const folder = join(ROOT, '.cache', 'faults', 'command');
	await build({
		entryPoints: [join(ROOT, 'packages/cli/src/main.ts')],
		outdir: folder,
		outExtension: { '.js': '.mjs' },
		bundle: true,
		splitting: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		// Reads files beside itself.
		external: ['openpgp', '@sigstore/tuf'],
		banner: { js: BANNER },
		logLevel: 'error',
	});
	return join(folder, 'main.mjs');
};
