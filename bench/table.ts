import type { BenchRow } from './row.ts';

/** True where a row has what is wanted of it; undefined where nothing is wanted. */
export const isMet = ({ wanted, median, ratio }: BenchRow): boolean | undefined => {
	if (!wanted) return undefined;
	return 'atMost' in wanted ? median <= wanted.atMost : (ratio ?? 0) >= wanted.ratioAtLeast;
};

export const toNumber = (value: number): string => {
	if (Math.abs(value) >= 100) return String(Math.round(value));
	return Math.abs(value) >= 1 ? value.toFixed(1) : value.toPrecision(2);
};

export const toWanted = (row: BenchRow): string => {
	if (!row.wanted) return '';
	const verdict = isMet(row) ? 'met' : 'MISSED';
	return 'atMost' in row.wanted
		? `at most ${toNumber(row.wanted.atMost)}: ${verdict}`
		: `at least ${toNumber(row.wanted.ratioAtLeast)} times: ${verdict}`;
};

const HEAD = ['what', 'who', 'unit', 'median', 'min to max', 'times Slipway', 'wanted'];

const toCells = (row: BenchRow): string[] => [
	row.name,
	row.peer ?? 'slipway',
	row.unit,
	toNumber(row.median),
	`${toNumber(row.min)} to ${toNumber(row.max)}`,
	row.ratio === undefined ? '' : toNumber(row.ratio),
	toWanted(row),
];

/** Columns as wide as what stands in them. */
export const toTerminalTable = (rows: readonly BenchRow[]): string => {
	const grid = [HEAD, ...rows.map(toCells)];
	const widths = HEAD.map((_, column) => Math.max(...grid.map((line) => line[column]?.length ?? 0)));
	const toLine = (cells: readonly string[]): string =>
		cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
	return grid.map((cells) => toLine(cells).trimEnd()).join('\n');
};

export const toMarkdownTable = (rows: readonly BenchRow[]): string => {
	const toLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [HEAD, HEAD.map(() => '---'), ...rows.map(toCells)].map(toLine).join('\n');
};
