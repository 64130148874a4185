// Replies of S3 are small flat XML. Read here is only text in elements by their name, in linear time: no attributes, no
// nesting of a name in itself, no declarations. What is not so reads as absent, and the caller refuses it.

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const toCharacter = (code: number, reference: string): string =>
	code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
		? String.fromCodePoint(code)
		: reference;

const decodeEntities = (text: string): string =>
	text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (reference, decimal, hex, name) => {
		if (name !== undefined) return ENTITIES[name] ?? reference;
		return toCharacter(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal), reference);
	});

/** What stands in each element of a name, in order, as it is written. */
export const findElements = (xml: string, name: string): string[] => {
	const [open, close] = [`<${name}>`, `</${name}>`];
	const found: string[] = [];
	for (let start = xml.indexOf(open); start >= 0; start = xml.indexOf(open, start)) {
		const end = xml.indexOf(close, start + open.length);
		if (end < 0) break;
		found.push(xml.slice(start + open.length, end));
		start = end + close.length;
	}
	return found;
};

/** Text of the first element of a name; undefined: there is none. */
export const findText = (xml: string, name: string): string | undefined => {
	const [content] = findElements(xml, name);
	return content === undefined || content.includes('<') ? undefined : decodeEntities(content);
};

/** As text of an element. */
export const encodeText = (text: string): string =>
	text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
