// The registry of the rehearsal as one file: hundreds of packages that nobody has to install, in exactly these versions.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { buildSync } from 'esbuild';

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

/** The folder of the package that a file belongs to. */
const toPackageFolder = (path: string): string | undefined =>
	/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.split(sep).join('/'))?.[1];

const readLicence = (folder: string): string => {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const file = readdirSync(folder).find((entry) => /^(?:licen[sc]e|copying)/i.test(entry));
	const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
	return `${name} ${version}\n${typeof license === 'string' ? license : ''}\n${text}\n`;
};

/** Licences of everything that went into the file, one after the other. */
export const toLicences = (inputs: readonly string[]): string => {
	const folders = new Set(inputs.flatMap((path) => toPackageFolder(path) ?? []));
	return [...folders]
		.filter((folder) => existsSync(join(folder, 'package.json')))
		.sort()
		.map(readLicence)
		.join('\n');
};

/** Replaces one text in an emitted file, where it must stand exactly once. */
const replaceOnce = (path: string, from: string, to: string): void => {
	const parts = readFileSync(path, 'utf8').split(from);
	if (parts.length !== 2) throw new Error(`expected ${JSON.stringify(from)} once in ${path}`);
	writeFileSync(path, parts.join(to));
};

/** Bundles the child that runs Verdaccio into the emitted file of its name. @returns that file's place in `lib` */
export const bundleRegistry = (lib: string): string => {
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
	const inputs = Object.keys(metafile.inputs).map((path) => relative('.', path));
	writeFileSync(join(lib, FOLDER, 'licenses.txt'), toLicences(inputs));
	const { version } = JSON.parse(readFileSync(join('node_modules', 'verdaccio', 'package.json'), 'utf8'));
	replaceOnce(
		join(lib, 'rehearsal', 'src', 'result', 'read-tools.js'),
		"createRequire(import.meta.url)('verdaccio/package.json')",
		`({ version: ${JSON.stringify(version)} })`,
	);
	return join(FOLDER, CHILD);
};
