import type { GateFinding } from '../gate.ts';
import { type Comparison, type FilePair, toDiffFinding, toPairs } from './comparison.ts';
import { findNativeKind, isUnreadable } from './file-kind.ts';

const LARGE_BYTES = 1024 * 1024;

const isExecutable = (file: FilePair['file'] | undefined): boolean =>
	file?.type === 'file' && (file.mode & 0o111) !== 0;

/** The part of a path up to its first name that begins with a dot, or undefined. */
export const findDotPath = (path: string): string | undefined => {
	const parts = path.split('/');
	const at = parts.findIndex((part) => part.startsWith('.'));
	return at < 0 ? undefined : parts.slice(0, at + 1).join('/');
};

type Compare = (comparison: Comparison, pair: FilePair) => readonly GateFinding[];

const compareExecutable: Compare = (comparison, { file, before }) => {
	if (!isExecutable(file) || isExecutable(before)) return [];
	const what = before ? 'became executable' : 'is a new executable';
	const about = `executable:${file.path}`;
	return [toDiffFinding(comparison, { about, message: `${file.path} ${what}`, file })];
};

const compareNative: Compare = (comparison, { file, before }) => {
	const kind = file.type === 'file' ? findNativeKind(file) : undefined;
	if (kind === undefined || (before && findNativeKind(before) === kind)) return [];
	const message = `${file.path} is a new binary (${kind})`;
	return [toDiffFinding(comparison, { about: `binary:${file.path}`, message, file })];
};

const compareText: Compare = (comparison, { file, before }) => {
	if (file.type !== 'file') return [];
	const isLarge = !before && file.size > LARGE_BYTES;
	const isHidden = isUnreadable(file) && !(before && isUnreadable(before));
	if (!isLarge && !isHidden) return [];
	const what = isLarge ? `is new and has ${file.size} bytes` : 'holds code in lines that nobody can read';
	const about = `${isLarge ? 'large' : 'unreadable'}:${file.path}`;
	return [toDiffFinding(comparison, { severity: 'warning', about, message: `${file.path} ${what}`, file })];
};

const compareLink: Compare = (comparison, { file, before }) => {
	const isLink = file.type === 'symlink';
	if (!isLink || before?.linkName === file.linkName) return [];
	const message = `${file.path} is a ${before ? 'changed' : 'new'} link to ${file.linkName}`;
	return [toDiffFinding(comparison, { severity: 'warning', about: `link:${file.path}`, message, file })];
};

/** One finding for a folder, however much lies in it. */
const compareDotPaths = (comparison: Comparison, pairs: readonly FilePair[]): readonly GateFinding[] => {
	const old = new Set(comparison.before.files.map(({ path }) => findDotPath(path)));
	const added = new Map<string, FilePair['file']>();
	for (const { file } of pairs) {
		const path = findDotPath(file.path);
		if (path !== undefined && !old.has(path) && !added.has(path)) added.set(path, file);
	}
	return [...added].map(([path, file]) =>
		toDiffFinding(comparison, {
			about: `dot:${path}`,
			message: `${path} is new and hidden by its name`,
			file,
		}),
	);
};

const toSizes = ({ artifact, files }: Comparison['now'], packed: number) => ({
	packed,
	unpacked: files.reduce((sum, { size }) => sum + size, 0),
	name: artifact.name,
});

export interface GrowthLimit {
	/** How many times larger. */
	readonly maxGrowth: number;
	/** Bytes of the published file of before. */
	readonly bytesBefore: number;
}

/** Below that many bytes a ratio says nothing. */
const SMALL_BYTES = 16 * 1024;

const compareSize = (comparison: Comparison, limit: GrowthLimit): readonly GateFinding[] => {
	const { maxGrowth, bytesBefore } = limit;
	const now = toSizes(comparison.now, comparison.now.artifact.size);
	const before = toSizes(comparison.before, bytesBefore);
	return (['packed', 'unpacked'] as const).flatMap((form) => {
		if (now[form] <= Math.max(SMALL_BYTES, before[form] * maxGrowth)) return [];
		const message = `expected at most ${maxGrowth} times ${before[form]} bytes ${form}, got ${now[form]}`;
		return [toDiffFinding(comparison, { about: `size:${form}`, message })];
	});
};

/** What is new in the files of a package of any format (G8). */
export const compareFiles = (comparison: Comparison, limit: GrowthLimit): readonly GateFinding[] => {
	const pairs = toPairs(comparison);
	const compares = [compareExecutable, compareNative, compareText, compareLink];
	return [
		...pairs.flatMap((pair) => compares.flatMap((compare) => compare(comparison, pair))),
		...compareDotPaths(comparison, pairs),
		...compareSize(comparison, limit),
	];
};
