import { SlipwayError, toMessage, toPrintable } from '@slipway/core';
import type { Paint } from './paint.ts';

const lines = (text: string): string =>
	text
		.split('\n')
		.map((line) => toPrintable(line))
		.join('\n  ');

/** An error for people: code, what was expected and found, what to do. Never a stack. */
export const toErrorText = (thrown: unknown, paint: Paint): string => {
	if (!(thrown instanceof SlipwayError)) return `${paint('bad', 'error')} ${lines(toMessage(thrown))}`;
	const why = thrown.cause === undefined ? '' : toMessage(thrown.cause);
	const cause = thrown.message.includes(why) ? [] : [`  cause: ${lines(why)}`];
	return [
		`${paint('bad', 'error')} ${paint('strong', thrown.code)}`,
		`  ${lines(thrown.message)}`,
		...cause,
		`  ${paint('strong', 'do')}: ${lines(thrown.hint)}`,
	].join('\n');
};

/** The same for machines. */
export const toErrorJson = (thrown: unknown): object => {
	if (!(thrown instanceof SlipwayError))
		return { error: { code: 'UNEXPECTED', message: toMessage(thrown), hint: 'Please report this.' } };
	const { code, message, hint, cause } = thrown;
	return { error: { code, message, hint, ...(cause === undefined ? {} : { cause: toMessage(cause) }) } };
};
