const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';

/** The file's text with the line feeds that the signature does not cover. */
export const toSource = (bytes: Uint8Array): string =>
	new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');

export const isClearsigned = (source: string): boolean => source.includes(BEGIN);

/**
 * Why `source` is not exactly one signed message with nothing before, between or after, or undefined. Text outside of
 * the signature is what careless parsers of InRelease were fooled with.
 */
export const findFrameProblem = (source: string): string | undefined => {
	const lines = source.split('\n');
	const blank = lines.indexOf('');
	const signature = lines.indexOf(SIGNATURE);
	const end = lines.indexOf(END);
	if (lines[0] !== BEGIN) return 'there is text before the signed message';
	if (blank === -1 || signature < blank || end < signature) return 'it is cut off';
	if (lines.slice(1, blank).some((line) => !/^Hash: [A-Za-z0-9, -]+$/.test(line)))
		return 'its armor has an unknown header';
	if (lines.slice(blank + 1, signature).some((line) => line.startsWith('-') && !line.startsWith('- ')))
		return 'a line that starts with a dash is not escaped';
	if (lines.slice(end + 1).some((line) => line !== '')) return 'there is text after the signature';
	return undefined;
};

/** The text inside of a cleartext message, unverified: for files whose content decides nothing about trust. */
export const toClearText = (bytes: Uint8Array): string => {
	const source = toSource(bytes);
	const start = source.indexOf('\n\n') + 2;
	const end = source.indexOf(`\n${SIGNATURE}`);
	return source.slice(start, end === -1 ? source.length : end + 1).replace(/^- /gm, '');
};
