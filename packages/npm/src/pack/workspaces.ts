import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const readPatterns = (folder: string): readonly string[] => {
	try {
		const { workspaces } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
		const patterns = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
		return Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === 'string') : [];
	} catch {
		return [];
	}
};

/** Absolute folders of the workspaces that a package.json names. */
export const findWorkspaces = (root: string): readonly string[] => {
	const patterns = readPatterns(root);
	const isNegated = (pattern: string) => pattern.startsWith('!');
	const included = patterns
		.filter((pattern) => !isNegated(pattern))
		.map((pattern) => pattern.replace(/^\.?\//, ''));
	const excluded = patterns.filter(isNegated).map((pattern) => pattern.slice(1).replace(/^\.?\//, ''));
	return globSync(included, { cwd: root, exclude: ['**/node_modules/**', ...excluded] })
		.map((path) => resolve(root, path))
		.filter((path) => existsSync(join(path, 'package.json')));
};

/** The folder whose package.json names `folder` as a workspace: its ignore files count too, as npm has it. */
export const findWorkspaceRoot = (folder: string): string | undefined => {
	for (let above = dirname(folder); above !== dirname(above); above = dirname(above))
		if (findWorkspaces(above).includes(folder)) return above;
	return undefined;
};
