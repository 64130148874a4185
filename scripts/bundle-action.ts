import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { minifySync } from '@swc/core';
import { EMITTED } from './bundle-emit.ts';
import { toInputHash } from './bundle-inputs.ts';

const NCC = join('node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
const CACHE = join('.cache', 'bundles');
/**
 * Where the bundler works: it takes a path like `resolve(folder, 'slipway.yml')` for a file to bring along, and looks for it
 * in and below its working folder. A package of its own, or the licence of the nearest one above is taken for a dependency's.
 */
const EMPTY = join('.cache', 'empty');

export const listActions = (): string[] =>
	readdirSync('actions').filter((name) => existsSync(join('actions', name, 'action.yml')));

const toEntry = (name: string): string => join(EMITTED, 'actions', name, 'src', 'main.js');

const runNcc = async (entry: string, folder: string): Promise<void> => {
	const options = ['--license', 'licenses.txt', '--no-cache', '--quiet'];
	const args = [resolve(NCC), 'build', resolve(entry), '--out', resolve(folder), ...options];
	mkdirSync(EMPTY, { recursive: true });
	writeFileSync(join(EMPTY, 'package.json'), '{"name":"bundler","version":"0.0.0"}\n');
	const child = spawn(process.execPath, args, { cwd: EMPTY, stdio: ['ignore', 'inherit', 'inherit'] });
	const code = await new Promise((done) => child.once('exit', done));
	if (code !== 0) throw new Error(`ncc could not bundle ${entry}`);
};

/** ncc minifies the first file only; the chunks of dynamic imports are most of the bytes. */
const minifyAll = (folder: string): void => {
	for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
		const path = join(folder, name);
		const { code } = minifySync(readFileSync(path, 'utf8'), {
			module: true,
			compress: true,
			mangle: { keep_classnames: true },
			format: { comments: false },
		});
		writeFileSync(path, `${code.trimEnd()}\n`);
	}
};

/** What a folder of bundled code says of the inputs it was made from; undefined where there is none. */
export const readBundleHash = (folder: string): string | undefined => {
	const path = join(folder, 'package.json');
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).inputs : undefined;
};

const build = async (name: string, hash: string, folder: string): Promise<void> => {
	const making = `${folder}.making`;
	rmSync(making, { recursive: true, force: true });
	await runNcc(toEntry(name), making);
	minifyAll(making);
	writeFileSync(join(making, 'package.json'), `${JSON.stringify({ type: 'module', inputs: hash })}\n`);
	rmSync(folder, { recursive: true, force: true });
	renameSync(making, folder);
};

/** A folder with the bundle of an action; built where none was made of these inputs, or `fresh`. */
export const provideBundle = async (name: string, fresh: boolean): Promise<string> => {
	const hash = toInputHash(toEntry(name));
	const [dist, cached] = [join('actions', name, 'dist'), join(CACHE, name)];
	const found = fresh ? undefined : [dist, cached].find((folder) => readBundleHash(folder) === hash);
	if (!found) await build(name, hash, cached);
	return found ?? cached;
};
