import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { ProcessCode } from './error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const isExecutable = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
};

/**
 * The absolute path of a program in the folders of `path` (as in PATH), or undefined. Relative folders in it are
 * skipped, so that a file of the current folder is never picked by accident; on Windows only .exe and .com count.
 */
export const findExecutable = (name: string, path: string | undefined): string | undefined => {
	const endings = process.platform === 'win32' ? ['.exe', '.com', ''] : [''];
	return (path ?? '')
		.split(delimiter)
		.filter(isAbsolute)
		.flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
		.find(isExecutable);
};

const toRealPath = (path: string): string | undefined => {
	try {
		return realpathSync(path);
	} catch {
		return undefined;
	}
};

/** Where npm's own JavaScript file can lie: the npm that runs us, beside an `npm` on the PATH, beside this node. */
const toCandidates = (environment: Environment): readonly string[] => {
	const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(isAbsolute);
	const file = join('node_modules', 'npm', 'bin', 'npm-cli.js');
	return [
		environment.npm_execpath ?? '',
		...[...folders, dirname(process.execPath)].flatMap((folder) => [
			join(folder, 'npm'),
			join(folder, file),
			join(folder, '..', 'lib', file),
		]),
	];
};

/**
 * How npm is started on every platform: this node and npm's JavaScript file, never npm.cmd (which needs a shell).
 * @throws SlipwayError PROCESS_NOT_FOUND
 */
export const findNpmCli = (environment: Environment = process.env): readonly [string, string] => {
	const cli = toCandidates(environment)
		.filter(isAbsolute)
		.map(toRealPath)
		.find((path) => path !== undefined && basename(path) === 'npm-cli.js');
	if (cli) return [process.execPath, cli];
	throw new SlipwayError<ProcessCode>('PROCESS_NOT_FOUND', 'expected npm on the PATH, found none', {
		hint: 'Install npm (it comes with Node.js) and add it to the PATH.',
	});
};
