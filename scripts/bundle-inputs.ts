import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EMITTED } from './bundle-emit.ts';

/** What shapes a bundle besides the code in it: the versions of all dependencies, and how bundles are made. */
const MAKERS = ['package-lock.json', 'scripts/bundle-emit.ts', 'scripts/bundle-action.ts'];

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])((?:\.{1,2}\/|@slipway\/|slipway\/|slipway\1)[^'"]*)/g;

const toEntry = (folder: string, key: string): string | undefined => {
	const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const path = exports[key === '' ? '.' : `.${key}`];
	return path && join(folder, path);
};

/** The emitted file that a specifier names: a neighbour, or what a workspace exports. */
const resolveImport = (from: string, specifier: string): string | undefined => {
	if (specifier.startsWith('.')) return join(dirname(from), specifier);
	const [, name = '', key = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier) ?? [];
	const link = join(EMITTED, 'node_modules', name);
	return existsSync(link) ? toEntry(relative('.', realpathSync(link)), key) : undefined;
};

const collect = (file: string, seen: Map<string, string>): void => {
	if (seen.has(file) || !existsSync(file)) return;
	const source = readFileSync(file, 'utf8');
	seen.set(file, source);
	for (const [, , specifier = ''] of source.matchAll(IMPORT)) {
		const next = resolveImport(file, specifier);
		if (next) collect(next, seen);
	}
};

/** One hash over everything that decides the bytes of an action's bundle: hexadecimal sha256. */
export const toInputHash = (entry: string): string => {
	const sources = new Map<string, string>();
	collect(entry, sources);
	const hash = createHash('sha256');
	for (const path of [...sources.keys()].sort())
		hash.update(`${path.replaceAll('\\', '/')}\0${sources.get(path)}\0`);
	for (const path of MAKERS) hash.update(readFileSync(path));
	return hash.digest('hex');
};
