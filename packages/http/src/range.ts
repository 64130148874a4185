/** The part of a file that is asked for: first and last byte, both included. */
export type Part = { readonly start: number; readonly end: number };

/**
 * Reads a Range header with one part (RFC 9110, 14.1.2).
 * @returns null: no part begins inside the file (416); undefined: send the whole file
 */
export const parseRange = (header: string | undefined, size: number): Part | null | undefined => {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
	if (!match) return undefined;
	const [first, last] = [match[1] ?? '', match[2] ?? ''];
	if (first === '' && last === '') return undefined;
	if (first === '') {
		const length = Math.min(Number(last), size);
		return length === 0 ? null : { start: size - length, end: size - 1 };
	}
	const start = Number(first);
	const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (last !== '' && Number(last) < start) return undefined;
	return start < size ? { start, end } : null;
};
