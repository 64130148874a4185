const GREETINGS = {
	de: 'Hallo',
	en: 'Hello',
	es: 'Hola',
	fr: 'Bonjour',
	ja: 'こんにちは',
	pl: 'Cześć',
	sw: 'Habari',
} as const;

export type Language = keyof typeof GREETINGS;

export const LANGUAGES = Object.keys(GREETINGS) as Language[];

export const isLanguage = (code: string): code is Language => Object.hasOwn(GREETINGS, code);

/** One greeting for all the names, joined the way the language joins them; the world is greeted when nobody is named. */
export const toGreeting = (names: readonly string[], language: Language = 'en'): string => {
	const people = names.length > 0 ? new Intl.ListFormat(language).format(names) : 'world';
	return `${GREETINGS[language]}, ${people}!`;
};
