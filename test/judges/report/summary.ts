import type { Result, Trial } from '../trial.ts';

/** What one judge said to all items of one row. */
export interface Cell {
	readonly accepts: number;
	readonly refuses: number;
	readonly cannot: number;
	readonly failed: number;
	/** The reasons of verdicts that need one, each once. */
	readonly because: readonly string[];
}

export interface SummaryTable {
	readonly section: string;
	readonly judges: readonly string[];
	readonly rows: readonly { readonly row: string; readonly cells: readonly (Cell | undefined)[] }[];
}

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

const toCell = (results: readonly Result[]): Cell | undefined => {
	if (results.length === 0) return undefined;
	const count = (is: (result: Result) => boolean): number => results.filter(is).length;
	return {
		accepts: count(({ outcome, finding }) => outcome === 'as expected' && finding?.verdict === 'accepts'),
		refuses: count(({ outcome, finding }) => outcome === 'as expected' && finding?.verdict === 'refuses'),
		cannot: count(({ outcome }) => outcome === 'cannot judge'),
		failed: count(({ outcome }) => outcome === 'failed'),
		because: distinct(results.flatMap(({ trial }) => trial.expectation.because ?? [])),
	};
};

const toTable = (
	section: string,
	results: readonly Result[],
	toRow: (trial: Trial) => string,
): SummaryTable => {
	const judges = distinct(results.map(({ trial }) => trial.judge));
	const rows = distinct(results.map(({ trial }) => toRow(trial))).map((row) => {
		const inRow = results.filter(({ trial }) => toRow(trial) === row);
		const cells = judges.map((judge) => toCell(inRow.filter(({ trial }) => trial.judge === judge)));
		return { row, cells };
	});
	return { section, judges, rows };
};

/**
 * One table a section, and a second one by statement where there are several. Rows and judges come in the order in which
 * they first came.
 */
export const toTables = (results: readonly Result[]): SummaryTable[] =>
	distinct(results.map(({ trial }) => trial.section)).flatMap((section) => {
		const own = results.filter(({ trial }) => trial.section === section);
		const table = toTable(section, own, ({ row }) => row);
		const statements = distinct(own.map(({ trial }) => trial.statement));
		if (statements.length < 2) return [table];
		return [table, toTable(`${section}, by statement`, own, ({ statement = '' }) => statement)];
	});

/** What nobody but Slipway judged: section, row and item. */
export const findUnjudged = (results: readonly Result[]): string[] => {
	const toKey = ({ trial }: Result): string => `${trial.section}: ${trial.row}: ${trial.item}`;
	const byStrangers = results.filter(({ trial }) => trial.judge !== 'slipway');
	const judged = new Set(byStrangers.filter(({ outcome }) => outcome !== 'cannot judge').map(toKey));
	return distinct(byStrangers.map(toKey)).filter((key) => !judged.has(key));
};
