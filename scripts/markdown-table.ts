const toCell = (text: string): string => text.trim().replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** A table of Markdown and an empty line after it. */
export const toTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
	`| ${heads.join(' | ')} |`,
	`|${heads.map(() => '---').join('|')}|`,
	...rows.map((row) => `| ${row.map(toCell).join(' | ')} |`),
	'',
];

/** A page: its lines, and one line break at its end. */
export const toPage = (lines: readonly string[]): string => lines.join('\n').trimEnd().concat('\n');
