import type { Results } from './results.ts';

export const MIN_SCORE = 85;

/** The figures of one module. */
export interface Row {
	readonly name: string;
	readonly files: number;
	/** Files without a result, or with one of another text. */
	readonly missing: number;
	/** All but texts. */
	readonly mutants: number;
	readonly killed: number;
	readonly timeout: number;
	readonly survived: number;
	readonly uncovered: number;
	/** Literals that were not mutated. */
	readonly texts: number;
}

export const toRow = (name: string, files: readonly string[], results: Results): Row => {
	const found = files.flatMap((path) => results[path] ?? []);
	const sum = (read: (result: (typeof found)[number]) => number): number =>
		found.reduce((total, result) => total + read(result), 0);
	const counts = {
		killed: sum(({ killed }) => killed),
		timeout: sum(({ timeout }) => timeout),
		survived: sum(({ survivors }) => survivors.filter(({ isCovered }) => isCovered).length),
		uncovered: sum(({ survivors }) => survivors.filter(({ isCovered }) => !isCovered).length),
	};
	const mutants = counts.killed + counts.timeout + counts.survived + counts.uncovered;
	return {
		name,
		files: files.length,
		missing: files.length - found.length,
		mutants,
		...counts,
		texts: sum(({ texts }) => texts),
	};
};

/** Mutants that were noticed in percent of all; no test at all counts as not noticed. */
export const toScore = ({ mutants, killed, timeout }: Row): number =>
	mutants === 0 ? 0 : (100 * (killed + timeout)) / mutants;

export const hasPassed = (row: Row): boolean => row.missing === 0 && toScore(row) >= MIN_SCORE;

const HEADS = [
	'module',
	'files',
	'mutants',
	'killed',
	'timeout',
	'survived',
	'no coverage',
	'score',
	'texts left alone',
];

const toCells = (row: Row): readonly string[] => [
	row.name,
	row.missing > 0 ? `${row.files - row.missing} of ${row.files}` : String(row.files),
	String(row.mutants),
	String(row.killed),
	String(row.timeout),
	String(row.survived),
	String(row.uncovered),
	`${toScore(row).toFixed(1)} %`,
	String(row.texts),
];

const toLine = (cells: readonly string[], widths: readonly number[]): string =>
	`| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;

/** As Markdown that reads well as it is. */
export const toTableText = (rows: readonly Row[]): string => {
	const cells = rows.map(toCells);
	const widths = HEADS.map((head, at) => Math.max(head.length, ...cells.map((row) => row[at]?.length ?? 0)));
	const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
	return [toLine(HEADS, widths), rule, ...cells.map((row) => toLine(row, widths))].join('\n');
};
