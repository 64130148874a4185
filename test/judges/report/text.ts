import type { Result } from '../trial.ts';
import { type Cell, findUnjudged, type SummaryTable, toTables } from './summary.ts';

const toCellText = (cell: Cell | undefined): string => {
	if (!cell) return '';
	const parts = [
		cell.failed > 0 && `FAILED ${cell.failed}`,
		cell.accepts > 0 && `accepts ${cell.accepts}`,
		cell.refuses > 0 && `refuses ${cell.refuses}`,
		cell.cannot > 0 && `cannot judge ${cell.cannot}`,
	];
	return parts.filter(Boolean).join(', ');
};

const toGrid = ({ section, judges, rows }: SummaryTable): string[][] => [
	[section, ...judges],
	...rows.map(({ row, cells }) => [row, ...cells.map(toCellText)]),
];

/** Columns as wide as what stands in them, for a terminal. */
export const toTerminalTable = (table: SummaryTable): string => {
	const grid = toGrid(table);
	const widths = (grid[0] ?? []).map((_, column) =>
		Math.max(...grid.map((line) => line[column]?.length ?? 0)),
	);
	return grid
		.map((line) =>
			line
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
};

/** Why somebody cannot judge, or judges in a way that needs a word: judge, reason. */
export const toReasons = ({ judges, rows }: SummaryTable): string[] => [
	...new Set(
		rows.flatMap(({ row, cells }) =>
			cells.flatMap((cell, index) =>
				(cell?.because ?? []).map((because) =>
					(cell?.cannot ?? 0) > 0 ? `${judges[index]}: ${because}` : `${judges[index]}, ${row}: ${because}`,
				),
			),
		),
	),
];

const toMarkdownTable = (table: SummaryTable): string => {
	const [head = [], ...lines] = toGrid(table);
	const toLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	const rule = toLine(head.map(() => '---'));
	const reasons = toReasons(table).map((reason) => `- ${reason}`);
	return [
		`## ${table.section}`,
		'',
		toLine(['', ...head.slice(1)]),
		rule,
		...lines.map(toLine),
		'',
		...reasons,
	].join('\n');
};

export const toProblems = (results: readonly Result[]): string[] =>
	results
		.filter(({ outcome }) => outcome === 'failed')
		.map(({ trial, problem }) => `${trial.judge}: ${trial.row}: ${trial.item}: ${problem}`);

/** What no stranger could judge, in a sentence or a list. */
export const toUnjudgedText = (results: readonly Result[]): string => {
	const unjudged = findUnjudged(results);
	if (unjudged.length === 0) return 'Nothing was left that no stranger could judge.';
	return ['No stranger could judge:', ...unjudged.map((text) => `- ${text}`)].join('\n');
};

/** The whole report as Markdown: who judged with which version, a table a section, every problem. */
export const toMarkdown = (
	results: readonly Result[],
	versions: Readonly<Record<string, string>>,
): string => {
	const judges = Object.entries(versions).map(([name, version]) => `- ${name} ${version}`);
	const problems = toProblems(results);
	return [
		'# What strangers say of what Slipway made, and of what was broken',
		'',
		'The number is how many things were judged so. `FAILED`: otherwise than expected.',
		'',
		...judges,
		'',
		...toTables(results).map((table) => `${toMarkdownTable(table)}\n`),
		...(problems.length > 0
			? ['## Otherwise than expected', '', ...problems.map((text) => `- ${text}`)]
			: []),
		'',
	].join('\n');
};
