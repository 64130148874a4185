/** A part of a page: lines that always stand, and rows of which only so many may fit. */
export interface Section {
	readonly head: readonly string[];
	readonly rows?: readonly string[];
	readonly tail?: readonly string[];
	/** What a row is, for the note that some are missing. */
	readonly what?: string;
}

/** Room for the notes of what was left out. */
const NOTE_LENGTH = 120;

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);

const toFixedLength = ({ head, tail = [] }: Section): number => lengthOf(head) + lengthOf(tail) + NOTE_LENGTH;

const toNote = (missing: number, what: string): string =>
	`Truncated: ${missing} more ${what}; \`slipway plan --json\` and the log have them all.`;

/** Of the page, what heads and tails may take: rows are what people read. */
const FIXED_SHARE = 0.6;

const findFitting = (sections: readonly Section[], max: number): readonly Section[] => {
	let left = max * FIXED_SHARE;
	return sections.filter((section) => {
		left -= toFixedLength(section);
		return left >= 0;
	});
};

/** As many rows as fit into `room`, a note of what is missing, and the frame around them. */
const toLines = (
	{ head, rows = [], tail = [], what = 'rows' }: Section,
	room: number,
	toMissing = toNote,
) => {
	let left = room;
	const end = rows.findIndex((row) => {
		left -= row.length + 1;
		return left < 0;
	});
	const fitting = end === -1 ? rows : rows.slice(0, end);
	const missing = rows.length - fitting.length;
	// A blank line ends a table, so that the note is no row of it.
	const note = missing > 0 ? ['', toMissing(missing, what)] : [];
	return { lines: [...head, ...fitting, ...note, ...tail], used: lengthOf(fitting) };
};

/**
 * A page of at most `max` characters (UTF-16, as GitHub counts): the rows of earlier sections come first, later ones
 * give way, and each that had to says how many rows are missing; sections of which not even the frame fits are counted
 * at the end.
 */
export const toBounded = (sections: readonly Section[], max: number, toMissing = toNote): string => {
	const shown = findFitting(sections, max - NOTE_LENGTH);
	let left = max - NOTE_LENGTH - shown.reduce((sum, section) => sum + toFixedLength(section), 0);
	const lines = shown.flatMap((section) => {
		const { lines: part, used } = toLines(section, left, toMissing);
		left -= used;
		return part;
	});
	const missing = sections.length - shown.length;
	return `${[...lines, ...(missing > 0 ? [toMissing(missing, 'sections')] : [])].join('\n')}\n`;
};
