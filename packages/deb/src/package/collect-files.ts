import {
	closeSync,
	type Dirent,
	fstatSync,
	openSync,
	readdirSync,
	readlinkSync,
	readSync,
	statSync,
} from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { toPrintable } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { toDebError } from './error.ts';
import type { TreeItem } from './tree.ts';

type FileRule = DebPackage['files'][number];

const EXECUTABLE = 0o755;
const PLAIN = 0o644;
const OWNER_MAY_EXECUTE = 0o100;

const toPath = (target: string): string => target.replace(/^\/+/, '');

const unsupported = (path: string, problem: string) =>
	toDebError(
		'DEB_FILE_UNSUPPORTED',
		`"${toPrintable(path, 300)}" ${problem}`,
		'Packages take files, folders and relative links inside them; write other links under `links` in slipway.yml.',
	);

/**
 * The absolute path of something in the project, with no link on the way that leads out of it.
 * @throws SlipwayError DEB_FILE_MISSING, DEB_FILE_UNSUPPORTED
 */
export const resolveInProject = async (projectFolder: string, source: string): Promise<string> => {
	const root = await realpath(projectFolder);
	let path: string;
	try {
		path = await realpath(join(root, source));
	} catch (cause) {
		throw toDebError(
			'DEB_FILE_MISSING',
			`expected "${toPrintable(source, 300)}" in the project, found nothing there`,
			'Correct `source` in slipway.yml, or let a command under build: make the file.',
			cause,
		);
	}
	if (!path.startsWith(root + sep)) throw unsupported(source, 'leads out of the project');
	return path;
};

const readMode = (mode: string | undefined, statMode: number): number => {
	if (mode !== undefined) return Number.parseInt(mode, 8);
	return statMode & OWNER_MAY_EXECUTE ? EXECUTABLE : PLAIN;
};

/** Reads a file that must be exactly as large as `target`. @throws SlipwayError DEB_FILE_UNSUPPORTED */
const readInto = (target: Uint8Array, path: string): Uint8Array => {
	const file = openSync(path, 'r');
	try {
		let length = 0;
		for (let read = -1; read !== 0 && length < target.length; length += read)
			read = readSync(file, target, length, target.length - length, null);
		if (length === target.length && fstatSync(file).size === target.length) return target;
	} finally {
		closeSync(file);
	}
	throw unsupported(path, 'changed while it was read');
};

const toFile = (path: string, rule: FileRule, target: string): TreeItem => {
	const { mode, size } = statSync(path);
	return {
		type: 'file',
		path: target,
		origin: rule.source,
		mode: readMode(rule.mode, mode),
		content: { size, read: (target) => readInto(target, path) },
	};
};

/** Links inside a folder are kept where they mean the same after the installation: relative and inside the folder. */
const toLink = (path: string, rule: FileRule, target: string): TreeItem => {
	const to = readlinkSync(path);
	const root = toPath(rule.target);
	const end = posix.join(posix.dirname(target), to);
	if (posix.isAbsolute(to) || !(end === root || end.startsWith(`${root}/`)))
		throw unsupported(path, `is a link that leads out of its folder, to "${toPrintable(to, 200)}"`);
	return { type: 'symlink', path: target, origin: rule.source, target: to };
};

/** Control and format characters, backslashes: no tool shows or handles them well (Policy 10.10 wants UTF-8). */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/u;

const toItems = (folder: string, entry: Dirent, rule: FileRule, target: string): TreeItem[] => {
	const path = join(folder, entry.name);
	if (FORBIDDEN.test(entry.name) || entry.name !== entry.name.normalize('NFC'))
		throw unsupported(path, 'has a control character, a backslash or is not in Unicode normal form C');
	if (entry.isDirectory()) return toFolder(path, rule, target);
	if (entry.isFile()) return [toFile(path, rule, target)];
	if (entry.isSymbolicLink()) return [toLink(path, rule, target)];
	throw unsupported(path, 'is neither a file nor a folder nor a link');
};

/** Without waiting in between: a thousand small files cost a thousand turns of the event loop otherwise. */
const toFolder = (folder: string, rule: FileRule, target: string): TreeItem[] => {
	const items: TreeItem[] = [{ type: 'directory', path: target, origin: rule.source }];
	for (const entry of readdirSync(folder, { withFileTypes: true }))
		items.push(...toItems(folder, entry, rule, `${target}/${entry.name}`));
	return items;
};

const collect = async (rule: FileRule, projectFolder: string): Promise<TreeItem[]> => {
	const path = await resolveInProject(projectFolder, rule.source);
	const found = await lstat(path);
	if (found.isDirectory()) return toFolder(path, rule, toPath(rule.target));
	if (found.isFile()) return [toFile(path, rule, toPath(rule.target))];
	throw unsupported(rule.source, 'is neither a file nor a folder');
};

/**
 * What `files` and `links` of slipway.yml install. Contents are read later; owner, time and all of the mode but
 * "the owner may execute it" are left behind.
 * @throws SlipwayError DEB_FILE_MISSING, DEB_FILE_UNSUPPORTED
 */
export const collectFiles = async (
	{ files, links }: Pick<DebPackage, 'files' | 'links'>,
	projectFolder: string,
): Promise<TreeItem[]> => {
	const items: TreeItem[] = [];
	for (const rule of files) items.push(...(await collect(rule, projectFolder)));
	for (const [path, target] of Object.entries(links))
		items.push({ type: 'symlink', path: toPath(path), origin: `links: ${path}`, target });
	return items;
};
