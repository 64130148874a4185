import type { GateFinding } from '../gate.ts';

/** Something in what a package says of itself. */
export interface Problem {
	/** The field, or the path, that it is about: stable over releases. */
	readonly about: string;
	readonly severity: GateFinding['severity'];
	readonly message: string;
	readonly hint: string;
}

export const error = (about: string, message: string, hint: string): Problem => ({
	about,
	severity: 'error',
	message,
	hint,
});

export const warning = (about: string, message: string, hint: string): Problem => ({
	...error(about, message, hint),
	severity: 'warning',
});

/** Foreign text, short enough for a message. */
export const quote = (text: string): string =>
	JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
