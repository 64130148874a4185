import type { Command } from '@slipway/core/config';
import type { PackageJson } from './package-json.ts';
import { toInnerPath, toPrograms } from './package-json.ts';
import { findKind } from './read-file.ts';

/** How a project of npm's world is built before it is packed. */
export interface NpmBuild {
	readonly commands: readonly Command[];
	/** Leaves only what runs need in node_modules. */
	readonly prune: Command;
	readonly notes: readonly string[];
}

interface Manager {
	readonly install: Command;
	readonly run: (script: string) => Command;
	readonly prune: Command;
}

const NPM: Manager = {
	install: ['npm', 'ci'],
	run: (script) => ['npm', 'run', script],
	prune: ['npm', 'prune', '--omit=dev'],
};

/** corepack goes by `packageManager`; without one the version that npm finds is taken. */
const toOther = (name: 'pnpm' | 'yarn', { packageManager }: PackageJson): Manager => {
	const isModern = /^yarn@(?!1\.)/.test(packageManager ?? '');
	const program: [string, ...string[]] =
		packageManager?.startsWith(`${name}@`) === true ? ['corepack', name] : ['npx', '--yes', name];
	const frozen = name === 'yarn' && isModern ? '--immutable' : '--frozen-lockfile';
	return {
		install: [...program, 'install', frozen],
		run: (script) => [...program, 'run', script],
		prune:
			name === 'pnpm' ? [...program, 'prune', '--prod'] : [...program, 'install', frozen, '--production'],
	};
};

const LOCKS = [
	['package-lock.json', () => NPM],
	['npm-shrinkwrap.json', () => NPM],
	['pnpm-lock.yaml', (manifest: PackageJson) => toOther('pnpm', manifest)],
	['yarn.lock', (manifest: PackageJson) => toOther('yarn', manifest)],
] as const;

const findManager = async (folder: string, manifest: PackageJson): Promise<Manager | undefined> => {
	for (const [name, toManager] of LOCKS) if (await findKind(folder, name)) return toManager(manifest);
	return undefined;
};

/** Scripts that npm runs before it packs, the one for building first. Slipway runs none of them by itself. */
const BUILD_SCRIPTS = ['build', 'prepack', 'prepare', 'prepublishOnly'];
/** Sets up a checkout for those who work on it; makes nothing that is published. */
const HOOKS = /\b(?:husky|simple-git-hooks|lefthook|patch-package|is-ci|pinst)\b/;

const findScript = ({ scripts }: PackageJson): string | undefined =>
	BUILD_SCRIPTS.find((name) => {
		const script = scripts?.[name];
		return typeof script === 'string' && script !== '' && !HOOKS.test(script);
	});

/** Files that `main`, `module`, `bin` and `exports` name. */
const toNamedFiles = (manifest: PackageJson): string[] => {
	const found: string[] = Object.values(toPrograms(manifest));
	const visit = (value: unknown, depth: number): void => {
		if (typeof value === 'string') found.push(...[toInnerPath(value) ?? []].flat());
		else if (typeof value === 'object' && value !== null && depth < 8 && found.length < 500)
			for (const each of Object.values(value)) visit(each, depth + 1);
	};
	for (const value of [manifest.main, manifest.module, manifest.exports]) visit(value, 0);
	return [...new Set(found)];
};

/** Node's own ways to complete a path (require.resolve). */
const isThere = async (folder: string, path: string): Promise<boolean> => {
	const kinds = await Promise.all(
		[path, `${path}.js`, `${path}.json`, `${path}/index.js`].map((each) => findKind(folder, each)),
	);
	return kinds.some((kind) => kind === 'file');
};

/** Whether everything that package.json publishes lies here already, as in an unpacked package. */
export const isComplete = async (folder: string, manifest: PackageJson): Promise<boolean> => {
	const named = toNamedFiles(manifest);
	const there = await Promise.all(
		(named.length === 0 ? ['index'] : named).map((path) => isThere(folder, path)),
	);
	return there.every(Boolean);
};

const UNLOCKED: Manager = { ...NPM, install: ['npm', 'install', '--no-audit', '--no-fund'] };

/**
 * The commands that make what package.json publishes: those of the lock file's package manager, then the build script.
 * None where nothing has to be made.
 */
export const findNpmBuild = async (folder: string, manifest: PackageJson): Promise<NpmBuild> => {
	const manager = await findManager(folder, manifest);
	const script = findScript(manifest);
	const { prune } = manager ?? UNLOCKED;
	if (script === undefined)
		return { commands: [], prune: manager ? manager.prune : UNLOCKED.prune, notes: [] };
	if (manager === undefined && (await isComplete(folder, manifest))) {
		const note = `The script "${script}" was left out: everything that package.json publishes lies here already, and no lock file says what it needs.`;
		return { commands: [], prune, notes: [note] };
	}
	const { install, run } = manager ?? UNLOCKED;
	const notes = script === 'build' ? [] : [`"npm run ${script}" builds, as far as package.json tells.`];
	return { commands: [install, run(script)], prune, notes };
};
