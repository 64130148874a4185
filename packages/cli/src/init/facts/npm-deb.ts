import { readdir } from 'node:fs/promises';
import type { Command } from '@slipway/core/config';
import type { DebFacts } from './facts.ts';
import type { NpmBuild } from './npm-build.ts';
import { type PackageJson, toInnerPath, toPrograms } from './package-json.ts';
import { findKind } from './read-file.ts';
import { toDebName } from './words.ts';

/** Belongs to those who develop, or is written by the Debian package itself. */
const LEFT_OUT =
	/^(?:node_modules|tests?|__tests__|docs?|examples?|coverage|package(?:-lock)?\.json|.*\.(?:md|lock|tgz|deb)|(?:readme|licen[sc]e|changelog|changes|history|notice|authors|contributing)(?:\..*)?|.*config\.[cm]?[jt]s|slipway.*)$/i;

const listTop = async (folder: string): Promise<string[]> =>
	(await readdir(folder, { withFileTypes: true }))
		.filter((entry) => (entry.isDirectory() || entry.isFile()) && !entry.name.startsWith('.'))
		.map(({ name }) => name);

/** Folders and files below others of the list are part of those. */
const withoutNested = (paths: readonly string[]): string[] =>
	[...new Set(paths)].filter((path) => !paths.some((other) => path.startsWith(`${other}/`))).sort();

/** What of the package is installed: `files` of package.json as far as it names plain paths, else what lies here. */
const listInstalled = async (folder: string, manifest: PackageJson): Promise<string[]> => {
	const named = manifest.files?.flatMap(
		(path) => toInnerPath(path.replace(/(?:\/\*\*)?(?:\/\*)?$/, '')) ?? [],
	);
	const programs = Object.values(toPrograms(manifest));
	const paths = named && named.length > 0 ? named : await listTop(folder);
	return withoutNested([...paths, ...programs].filter((path) => !LEFT_OUT.test(path)));
};

const toNodeVersion = ({ engines }: PackageJson): string => {
	const [, major] = /^\s*(?:>=|\^|~)?\s*v?(\d{1,3})(?:\.|\s|$)/.exec(String(engines?.node ?? '')) ?? [];
	return major === undefined ? 'nodejs' : `nodejs (>= ${major})`;
};

/** What a link in /usr/bin points at has to be executable; compilers write plain files. */
const toModes = async (folder: string, paths: readonly string[], isBuilt: boolean): Promise<Command[]> => {
	const { stat } = await import('node:fs/promises');
	const plain = await Promise.all(
		paths.map(async (path) => {
			const mode = await stat(`${folder}/${path}`).then(
				(stats) => stats.mode,
				() => 0,
			);
			return isBuilt || (mode & 0o100) === 0 ? [path] : [];
		}),
	);
	const [first, ...rest] = plain.flat();
	return first === undefined ? [] : [['chmod', '755', first, ...rest]];
};

/** A Debian package of an npm package's programs, and the commands that only it needs; undefined without a program. */
export const findNpmDeb = async (
	folder: string,
	manifest: PackageJson,
	build: NpmBuild,
): Promise<{ readonly deb: DebFacts; readonly commands: readonly Command[] } | undefined> => {
	const programs = toPrograms(manifest);
	const name = toDebName(manifest.name ?? '');
	if (Object.keys(programs).length === 0 || name === undefined) return undefined;
	const installed = await listInstalled(folder, manifest);
	const hasDependencies = Object.keys(manifest.dependencies ?? {}).length > 0;
	const sources = ['package.json', ...installed, ...(hasDependencies ? ['node_modules'] : [])];
	const hasModules = hasDependencies && (await findKind(folder, 'node_modules')) !== undefined;
	const install: Command[] =
		build.commands.length > 0 || hasModules
			? [build.prune]
			: [['npm', 'install', '--omit=dev', '--no-audit', '--no-fund']];
	return {
		deb: {
			name,
			architecture: 'all',
			depends: [toNodeVersion(manifest)],
			files: sources.map((source) => ({ source, target: `/usr/lib/${name}/${source}` })),
			links: Object.fromEntries(
				Object.entries(programs).map(([program, path]) => [`/usr/bin/${program}`, `../lib/${name}/${path}`]),
			),
		},
		commands: [
			...(await toModes(folder, Object.values(programs), build.commands.length > 0)),
			...(hasDependencies ? install : []),
		],
	};
};
