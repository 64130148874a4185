import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { toSbomError } from '../code.ts';
import { checkCount, LIMITS } from '../graph/limits.ts';
import type { LockEntry } from '../npm/lock-schema.ts';
import { parseManifest } from './manifest.ts';
import { readPlainFile } from './read-installed.ts';
import { toEntry } from './to-entry.ts';

const MAX_DEPTH = 100;

const toPlace = (root: string, path: string): string => relative(root, path).split(sep).join('/');

const list = (folder: string): Dirent[] => {
	try {
		return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch {
		return [];
	}
};

/** Folders with packages below a node_modules: with scopes opened, and pnpm's store of real folders. */
const listPackages = (modules: string): string[] =>
	list(modules).flatMap(({ name }) => {
		const path = join(modules, name);
		if (name.startsWith('@')) return list(path).map((entry) => join(path, entry.name));
		if (name === '.pnpm')
			return list(path).flatMap((entry) => listPackages(join(path, entry.name, 'node_modules')));
		return name.startsWith('.') ? [] : [path];
	});

const toLink = (root: string, path: string): LockEntry | undefined => {
	try {
		const target = toPlace(root, realpathSync(path));
		return target.startsWith('..') ? undefined : { link: true, resolved: target };
	} catch {
		return undefined; // a link to nowhere
	}
};

/**
 * What is installed below a folder, by place, from the packages' own manifests. Links are noted and not followed: what
 * they lead to inside the folder is visited once, at its own place; what lies outside is no part of the project.
 * @throws SlipwayError SBOM_SOURCE_INVALID for a tree nested without end, SBOM_TOO_LARGE
 */
export const walkTree = (folder: string): Record<string, LockEntry> => {
	const root = realpathSync(folder);
	const found: Record<string, LockEntry> = {};
	const waiting = [root];
	let count = 0;
	const visit = (path: string): void => {
		const place = toPlace(root, path);
		if (place in found) return;
		if (place.split('node_modules').length > MAX_DEPTH)
			throw toSbomError('SBOM_SOURCE_INVALID', `expected a tree at most ${MAX_DEPTH} packages deep`);
		count += 1;
		checkCount(count, LIMITS.packages, 'installed packages');
		const bytes = readPlainFile(join(path, 'package.json'));
		const manifest = bytes && parseManifest(bytes, 'package.json');
		const entry = manifest && toEntry(manifest);
		if (entry) found[place] = entry;
		waiting.push(path);
	};
	for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
		for (const child of listPackages(join(path, 'node_modules'))) {
			const stats = lstatSync(child, { throwIfNoEntry: false });
			const link = stats?.isSymbolicLink() ? toLink(root, child) : undefined;
			if (link) {
				found[toPlace(root, child)] = link;
				const target = join(root, link.resolved as string);
				if (!target.includes('node_modules')) visit(target);
			} else if (stats?.isDirectory()) visit(child);
		}
	}
	return found;
};
