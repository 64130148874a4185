/** A text without what stands of one character at its end, in linear time: a pattern such as `x+$` begins anew at each. */
export const trimEndOf = (text: string, character: string): string => {
	let end = text.length;
	while (end > 0 && text[end - 1] === character) end -= 1;
	return text.slice(0, end);
};
