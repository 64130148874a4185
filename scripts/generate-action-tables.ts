import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Described {
	readonly description: string;
	readonly required?: boolean;
	readonly default?: string;
}

const toCell = (text: string): string => text.trim().replaceAll('|', '\\|').replaceAll('<', '&lt;');

const toInputRow = ([name, input]: readonly [string, Described]): string => {
	const value = input.required ? 'required' : input.default === undefined ? '' : `\`${input.default}\``;
	return `| \`${name}\` | ${value} | ${toCell(input.description)} |`;
};

const toOutputRow = ([name, output]: readonly [string, Described]): string =>
	`| \`${name}\` | ${toCell(output.description)} |`;

const replaceBetween = (text: string, name: string, lines: readonly string[]): string => {
	const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
	const from = text.indexOf(start);
	const to = text.indexOf(end);
	if (from < 0 || to < from) throw new Error(`expected ${start} and ${end} in the README`);
	return [text.slice(0, from + start.length), ...lines, text.slice(to)].join('\n');
};

/** The README of an action with its tables as action.yml has them. */
export const toActionReadme = (folder: string): string => {
	const { inputs = {}, outputs = {} } = parse(readFileSync(join(folder, 'action.yml'), 'utf8'));
	const inputTable = [
		'| input | default | effect |',
		'|---|---|---|',
		...Object.entries<Described>(inputs).map(toInputRow),
	];
	const outputTable = [
		'| output | meaning |',
		'|---|---|',
		...Object.entries<Described>(outputs).map(toOutputRow),
	];
	const readme = readFileSync(join(folder, 'README.md'), 'utf8');
	return replaceBetween(replaceBetween(readme, 'inputs', inputTable), 'outputs', outputTable);
};
