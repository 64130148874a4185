import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type PackageJson, readPackageJson } from './package-json.ts';
import { readProjectFile, toInvalid } from './read-file.ts';

const MAX_PACKAGES = 1000;
/** Braces and classes of foreign patterns can take a matcher for ever; nearly nobody uses them here. */
const PLAIN_PATTERN = /^[A-Za-z0-9@._-]+(?:\/(?:[A-Za-z0-9@._-]+|\*|\*\*|[A-Za-z0-9@._-]+\*))*$|^\*$/;

/** The packages of a monorepo that can be published. */
export interface Workspaces {
	/** Patterns or folders for slipway.yml. */
	readonly patterns: readonly string[];
	readonly packages: readonly PackageJson[];
	/** Whether some package has a build script. */
	readonly hasBuild: boolean;
	readonly notes: readonly string[];
}

const readPnpmPatterns = async (folder: string): Promise<readonly string[]> => {
	const text = await readProjectFile(folder, 'pnpm-workspace.yaml');
	if (text === undefined) return [];
	try {
		const found = parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'silent' })?.packages;
		return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
	} catch (cause) {
		throw toInvalid('pnpm-workspace.yaml', 'pnpm cannot read it either', cause);
	}
};

const toPlain = (pattern: string): string => pattern.replace(/^\.\//, '').replace(/\/$/, '');

const expand = async (folder: string, pattern: string): Promise<string[]> => {
	const found: string[] = [];
	const options = { cwd: folder, exclude: (name: string) => name === 'node_modules' || name === '.git' };
	for await (const path of glob(pattern, options)) {
		found.push(path.replaceAll('\\', '/'));
		if (found.length >= MAX_PACKAGES) break;
	}
	return found.sort();
};

interface Member {
	readonly path: string;
	readonly manifest: PackageJson;
}

const readMembers = async (folder: string, paths: readonly string[]): Promise<Member[]> => {
	const read = await Promise.all(
		paths.map(async (path) => {
			const manifest = await readPackageJson(folder, join(path, 'package.json'));
			return manifest ? [{ path, manifest }] : [];
		}),
	);
	return read.flat();
};

const isPublic = ({ private: hidden, name, version }: PackageJson): boolean =>
	hidden !== true && name !== undefined && version !== undefined;

/** A pattern stays one only where every package that it finds may be released; private ones are left out by the build. */
const toWritten = (pattern: string, left: ReadonlySet<string>, found: readonly Member[]): string[] =>
	found.some(({ path }) => left.has(path))
		? found.filter(({ path }) => !left.has(path)).map(({ path }) => path)
		: [pattern];

/**
 * The packages of a monorepo: `workspaces` of package.json (npm, yarn) or `packages` of pnpm-workspace.yaml; undefined where
 * it is none, or none of them can be published.
 * @throws SlipwayError INIT_FILE_*
 */
export const findWorkspaces = async (folder: string, root: PackageJson): Promise<Workspaces | undefined> => {
	const all = [...(root.workspaces ?? []), ...(await readPnpmPatterns(folder))].map(toPlain);
	const isNegation = (pattern: string) => pattern.startsWith('!');
	const wanted = all.filter((pattern) => !isNegation(pattern) && pattern !== '.');
	const plain = wanted.filter((pattern) => PLAIN_PATTERN.test(pattern) && !pattern.includes('..'));
	const excluded = all.filter(isNegation).map((pattern) => toPlain(pattern.slice(1)));
	const left = new Set(
		(
			await Promise.all(
				excluded.filter((each) => PLAIN_PATTERN.test(each)).map((each) => expand(folder, each)),
			)
		).flat(),
	);
	const groups = await Promise.all(
		[...new Set(plain)].map(async (pattern) => ({
			pattern,
			members: await readMembers(folder, await expand(folder, pattern)),
		})),
	);
	const kept = groups.filter(({ members }) => members.some(({ manifest }) => isPublic(manifest)));
	if (kept.length === 0) return undefined;
	const packages = kept
		.flatMap(({ members }) => members)
		.filter(({ path, manifest }) => !left.has(path) && isPublic(manifest))
		.map(({ manifest }) => manifest);
	const notes =
		plain.length < wanted.length
			? ['Some patterns of the workspaces were not understood: look at `npm: packages:`.']
			: [];
	return {
		patterns: [
			...(isPublic(root) ? ['.'] : []),
			...kept.flatMap(({ pattern, members }) => toWritten(pattern, left, members)),
		],
		packages: [...(isPublic(root) ? [root] : []), ...packages],
		hasBuild: packages.some(({ scripts }) => typeof scripts?.build === 'string'),
		notes,
	};
};
