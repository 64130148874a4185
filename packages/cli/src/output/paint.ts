import { styleText } from 'node:util';

const STYLES = { good: 'green', bad: 'red', warn: 'yellow', faint: 'dim', strong: 'bold' } as const;

/** Colours a text, or leaves it alone. */
export type Paint = (style: keyof typeof STYLES, text: string) => string;

/** Colour only where a person looks at a terminal: NO_COLOR and TERM=dumb turn it off, FORCE_COLOR turns it on. */
export const toPaint = (stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint => {
	const wanted = environment.FORCE_COLOR
		? environment.FORCE_COLOR !== '0'
		: stream.isTTY === true && environment.TERM !== 'dumb';
	const on = wanted && !environment.NO_COLOR;
	return (style, text) => (on ? styleText(STYLES[style], text, { validateStream: false }) : text);
};
