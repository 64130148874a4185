import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mutant, Report } from './run-stryker.ts';

/** A mutant that no test noticed. */
export interface Survivor {
	readonly line: number;
	/** What stood there, and what Stryker put there, shortened where long. */
	readonly was: string;
	readonly now: string;
	readonly isCovered: boolean;
}

/** What became of the mutants of one file. */
export interface FileResult {
	/** SHA-256 of the file that was mutated: a result says nothing about another. */
	readonly digest: string;
	readonly killed: number;
	readonly timeout: number;
	readonly texts: number;
	readonly survivors: readonly Survivor[];
}

export type Results = Readonly<Record<string, FileResult>>;

const RESULTS = 'out/mutation/results.json';
const MAX_TEXT = 160;

const toDigest = (source: string): string => createHash('sha256').update(source).digest('hex');

const toShort = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, MAX_TEXT);

const cut = (source: string, { start, end }: Mutant['location']): string => {
	const lines = source.split('\n');
	const toOffset = ({ line, column }: { line: number; column: number }): number =>
		lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
	return source.slice(toOffset(start), toOffset(end));
};

const toSurvivor = (source: string, mutant: Mutant): Survivor => ({
	line: mutant.location.start.line,
	was: toShort(cut(source, mutant.location)),
	now: toShort(mutant.replacement ?? mutant.mutatorName),
	isCovered: mutant.status === 'Survived',
});

const toResult = (source: string, mutants: readonly Mutant[]): FileResult => {
	const count = (...of: readonly Mutant['status'][]): number =>
		mutants.filter(({ status }) => of.includes(status)).length;
	return {
		digest: toDigest(source),
		killed: count('Killed', 'RuntimeError'),
		timeout: count('Timeout'),
		texts: count('Ignored'),
		survivors: mutants
			.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
			.map((mutant) => toSurvivor(source, mutant)),
	};
};

const readAll = (root: string): Results => {
	const path = join(root, RESULTS);
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
};

const isOf = (root: string, path: string, digest: string): boolean =>
	existsSync(join(root, path)) && toDigest(readFileSync(join(root, path), 'utf8')) === digest;

/** What is known of files as they are now, of this run and of runs before. */
export const readResults = (root: string): Results =>
	Object.fromEntries(Object.entries(readAll(root)).filter(([path, { digest }]) => isOf(root, path, digest)));

/** Adds what a run found to what is known. */
export const addResults = (root: string, report: Report): void => {
	const found = Object.entries(report).map(([path, { source, mutants }]) => [
		path,
		toResult(source, mutants),
	]);
	const path = join(root, RESULTS);
	mkdirSync(dirname(path), { recursive: true });
	const all = { ...readResults(root), ...Object.fromEntries(found) };
	writeFileSync(path, `${JSON.stringify(all, null, '\t')}\n`);
};
