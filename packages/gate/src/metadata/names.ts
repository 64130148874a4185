/** Letters of other scripts that look like Latin ones: Cyrillic and Greek (Unicode, confusables.txt). */
const LOOKALIKES = new Set('аеорсухіјѕԁһԛԝѵАВЕЅІЈКМНОРСТХУορνικαυγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ');

const SCRIPTS: readonly (readonly [name: string, pattern: RegExp])[] = [
	['Latin', /\p{Script=Latin}/u],
	['Cyrillic', /\p{Script=Cyrillic}/u],
	['Greek', /\p{Script=Greek}/u],
	['Armenian', /\p{Script=Armenian}/u],
	['Cherokee', /\p{Script=Cherokee}/u],
];

const findWordProblem = (word: string): string | undefined => {
	const scripts = SCRIPTS.filter(([, pattern]) => pattern.test(word)).map(([name]) => name);
	if (scripts.length > 1) return `mixes ${scripts.join(' and ')} letters`;
	if (word.length > 1 && [...word].every((letter) => LOOKALIKES.has(letter)))
		return `has ${scripts[0]} letters only that look like Latin ones`;
	return undefined;
};

/** Invisible and direction-changing characters, and what is drawn like a slash or a dot. */
const INVISIBLE =
	/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2024\u2044\u2215\u29f8\uff0e\uff0f]/u;

/** Why a name can be taken for another one by those who read it, or undefined: names in one script are fine. */
export const findNameProblem = (name: string): string | undefined => {
	if (!/[^\x20-\x7e]/.test(name)) return undefined;
	if (INVISIBLE.test(name)) return 'has characters that cannot be seen, or that look like a slash or dot';
	if (name !== name.normalize('NFC')) return 'is not in Unicode normal form C';
	for (const [word] of name.matchAll(/\p{L}+/gu)) {
		const problem = findWordProblem(word);
		if (problem !== undefined) return problem;
	}
	return undefined;
};
