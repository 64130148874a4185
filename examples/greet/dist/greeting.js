const GREETINGS = {
	de: 'Hallo',
	en: 'Hello',
	es: 'Hola',
	fr: 'Bonjour',
	ja: 'こんにちは',
	pl: 'Cześć',
	sw: 'Habari',
}         ;

                                              

export const LANGUAGES = Object.keys(GREETINGS)              ;

export const isLanguage = (code        )                   => Object.hasOwn(GREETINGS, code);

/** One greeting for all the names, joined the way the language joins them; the world is greeted when nobody is named. */
export const toGreeting = (names                   , language           = 'en')         => {
	const people = names.length > 0 ? new Intl.ListFormat(language).format(names) : 'world';
	return `${GREETINGS[language]}, ${people}!`;
};
