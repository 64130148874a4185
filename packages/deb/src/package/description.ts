import { toDebError } from './error.ts';

/** dpkg and apt lists show the synopsis in one line (Policy 5.6.13, 3.4.1). */
export const MAX_SYNOPSIS = 80;

/**
 * The synopsis that a package.json description can serve as: one line without its final full stop,
 * undefined where it is empty or too long.
 */
export const toSynopsis = (description: string): string | undefined => {
	const line = description.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
	return line === '' || line.length > MAX_SYNOPSIS ? undefined : line;
};

/** Breaks one paragraph into lines of at most `width` characters where it has blanks. */
const wrap = (paragraph: string, width: number): string[] => {
	const lines: string[] = [];
	for (const word of paragraph.split(/\s+/)) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= width)
			lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
};

/** Indented lines are shown as they stand, with two blanks; a line of dots alone would be for future use (Policy 5.6.13). */
const toLines = (block: string): string[] => {
	if (/^[ \t]/m.test(block)) return block.split('\n').map((line) => `  ${line.trimEnd()}`);
	return wrap(block.trim(), 78).map((line) => (line.startsWith('.') ? `  ${line}` : ` ${line}`));
};

/**
 * The value of a Description field (Policy 5.6.13): the synopsis, then the long text with a blank before each line
 * and " ." for an empty one. Paragraphs are wrapped; blocks with indented lines keep their lines.
 * @throws SlipwayError DEB_CONTROL_INVALID where the long text is empty
 */
export const toDescription = (synopsis: string, long: string): string => {
	const blocks = long
		.replace(/\r\n/g, '\n')
		.split(/\n(?:[ \t]*\n)+/)
		.filter((block) => block.trim() !== '')
		.map((block) => block.replace(/^\n+|\n+$/g, ''));
	if (blocks.length === 0)
		throw toDebError(
			'DEB_CONTROL_INVALID',
			'expected a long description, got an empty text',
			'Write `description` of this package in slipway.yml.',
		);
	return [synopsis, blocks.map((block) => toLines(block).join('\n')).join('\n .\n')].join('\n');
};
