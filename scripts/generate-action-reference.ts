import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { toPage, toTable } from './markdown-table.ts';

interface Described {
	readonly description: string;
	readonly required?: boolean;
	readonly default?: string;
}

const readAction = (
	name: string,
): {
	readonly description: string;
	readonly inputs?: Readonly<Record<string, Described>>;
	readonly outputs?: Readonly<Record<string, Described>>;
} => parse(readFileSync(`actions/${name}/action.yml`, 'utf8'));

const toDefault = ({ required, default: value }: Described): string => {
	if (required) return 'required';
	return value === undefined || value === '' ? '' : `\`${value}\``;
};

const toSections = (name: string): string[] => {
	const { description, inputs = {}, outputs = {} } = readAction(name);
	return [
		`## ${name}`,
		'',
		`${description.trim()} How to use it alone: [${name}](../../actions/${name}/README.md).`,
		'',
		...toTable(
			['input', 'default', 'effect'],
			Object.entries(inputs).map(([key, input]) => [`\`${key}\``, toDefault(input), input.description]),
		),
		...toTable(
			['output', 'meaning'],
			Object.entries(outputs).map(([key, output]) => [`\`${key}\``, output.description]),
		),
	];
};

/** docs/reference/actions.md: every action with its inputs and outputs. */
export const toActionReference = (names: readonly string[]): string =>
	toPage([
		'# Actions',
		'',
		'Written by `npm run generate` from actions/*/action.yml; do not edit.',
		'',
		'The [workflows](workflows.md) are made of these. Each can be used alone, by',
		'`uses: OWNER/slipway/actions/NAME@COMMIT # vX.Y.Z`; `uses: OWNER/slipway@COMMIT # vX.Y.Z` is `release`.',
		'',
		...toTable(
			['action', 'does'],
			names.map((name) => [`[${name}](#${name})`, readAction(name).description]),
		),
		...names.flatMap(toSections),
	]);
