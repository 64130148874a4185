import { posix } from 'node:path';
import { error, type Problem, quote } from '../metadata/problem.ts';
import type { PackedNpm } from '../packed/packed.ts';

/** In every package, whatever `files` says (npm's package.json(5), "files"). */
const ALWAYS =
	/^(?:package\.json|npm-shrinkwrap\.json|(?:readme|licen[cs]e|copying|notice|change(?:s|log)|history)(?:\.[^/]{0,60})?)$/i;

const MAX_PATTERNS = 500;
const MAX_PATTERN = 200;

const normalize = (path: string): string =>
	path.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/\*{0,2})(?:\/\*{0,2})+$/, '');

/** Patterns whose matching could take long say nothing, so that everything is covered by them. */
const isSimple = (pattern: string): boolean =>
	pattern.length <= MAX_PATTERN && !/[()]/.test(pattern) && (pattern.match(/[*{[]/g) ?? []).length <= 6;

const covers = (pattern: string, path: string): boolean => {
	if (pattern === '' || pattern === '.' || pattern === '*' || pattern === '**') return true;
	if (path === pattern || path.startsWith(`${pattern}/`)) return true;
	if (!/[*?{[]/.test(pattern)) return !pattern.includes('/') && path.split('/').includes(pattern);
	if (!isSimple(pattern)) return true;
	const name = path.slice(path.lastIndexOf('/') + 1);
	return (
		posix.matchesGlob(path, pattern) ||
		posix.matchesGlob(path, `${pattern}/**`) ||
		(!pattern.includes('/') && posix.matchesGlob(name, pattern))
	);
};

const toEntryPoints = ({ packageJson }: PackedNpm): ReadonlySet<string> => {
	const { bin = {}, main, browser } = packageJson;
	const bins = typeof bin === 'string' ? [bin] : Object.values(bin);
	const named = [...bins, main, browser].filter((path) => typeof path === 'string');
	return new Set(named.flatMap((path) => [normalize(path), `${normalize(path)}.js`]));
};

const MAX_TOLD = 20;

/**
 * Files that `files` in package.json does not name. A tarball that was packed by another list than its own package.json
 * holds what nobody chose to publish; where `files` could mean two things, the wider one counts.
 */
export const checkFilesList = (packed: PackedNpm): readonly Problem[] => {
	const { files: patterns, bundleDependencies, bundledDependencies } = packed.packageJson;
	if (patterns === undefined || patterns.length > MAX_PATTERNS) return [];
	const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(normalize);
	const entries = toEntryPoints(packed);
	const hasBundled = Boolean(bundleDependencies ?? bundledDependencies);
	const strange = packed.files.filter(
		({ path, type }) =>
			type !== 'directory' &&
			!ALWAYS.test(path) &&
			!entries.has(path) &&
			!(hasBundled && path.startsWith('node_modules/')) &&
			!wanted.some((pattern) => covers(pattern, path)),
	);
	return strange
		.slice(0, MAX_TOLD)
		.map(({ path }) =>
			error(
				`unlisted:${path}`,
				`${quote(path)} is packed though \`files\` in package.json does not name it`,
				'Pack with `npm pack` or let Slipway pack; or add it to `files`.',
			),
		);
};
