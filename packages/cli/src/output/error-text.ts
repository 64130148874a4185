import { SlipwayError, toMessage, toPrintable } from '@slipway/core';
import type { Paint } from './paint.ts';
import { toKnownError } from './system-error.ts';

const lines = (text: string): string =>
	text
		.split('\n')
		.map((line) => toPrintable(line))
		.join('\n  ');

/** An error for people: code, what was expected and found, what to do. Never a stack. */
export const toErrorText = (thrown: unknown, paint: Paint): string => {
	const error = toKnownError(thrown);
	if (!(error instanceof SlipwayError)) return `${paint('bad', 'error')} ${lines(toMessage(error))}`;
	const why = error.cause === undefined ? '' : toMessage(error.cause);
	const cause = error.message.includes(why) ? [] : [`  cause: ${lines(why)}`];
	return [
		`${paint('bad', 'error')} ${paint('strong', error.code)}`,
		`  ${lines(error.message)}`,
		...cause,
		`  ${paint('strong', 'do')}: ${lines(error.hint)}`,
	].join('\n');
};

/** The same for machines. */
export const toErrorJson = (thrown: unknown): object => {
	const error = toKnownError(thrown);
	if (!(error instanceof SlipwayError))
		return { error: { code: 'UNEXPECTED', message: toMessage(error), hint: 'Please report this.' } };
	const { code, message, hint, cause } = error;
	return { error: { code, message, hint, ...(cause === undefined ? {} : { cause: toMessage(cause) }) } };
};
