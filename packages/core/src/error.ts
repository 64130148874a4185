/**
 * The one failure class. `code` is `SCOPE_REASON` from the closed union of the package that throws,
 * `message` says what was expected and what was found, `hint` says what to do now.
 * None of them ever holds a secret. Expected outcomes are unions, not errors.
 */
export class SlipwayError<Code extends string = string> extends Error {
	readonly code: Code;
	readonly hint: string;

	constructor(code: Code, message: string, options: { readonly hint: string; readonly cause?: unknown }) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'SlipwayError';
		this.code = code;
		this.hint = options.hint;
	}
}

/** The text of anything that was thrown, without its stack. */
export const toMessage = (thrown: unknown): string =>
	thrown instanceof Error ? thrown.message : String(thrown);
