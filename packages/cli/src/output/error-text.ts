import { SlipwayError, toMessage, toPrintable } from '@slipway/core';
import type { Paint } from './paint.ts';

const lines = (text: string): string =>
	text
		.split('\n')
		.map((line) => toPrintable(line))
		.join('\n  ');

/** What the system refused, and what a person can do about it; other errors of the kind are ours. */
const toSystemHint = (thrown: unknown): string | undefined => {
	const { code } = thrown as { readonly code?: unknown };
	if (code === 'ENOSPC') return 'Make room on that disk, then run the same command again.';
	if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
		return 'Let this user write there, then run the same command again.';
	return undefined;
};

const toPlainText = (thrown: unknown, paint: Paint): string => {
	const hint = thrown instanceof Error ? toSystemHint(thrown) : undefined;
	const error = `${paint('bad', 'error')} ${lines(toMessage(thrown))}`;
	return hint === undefined ? error : `${error}\n  ${paint('strong', 'do')}: ${hint}`;
};

/** An error for people: code, what was expected and found, what to do. Never a stack. */
export const toErrorText = (thrown: unknown, paint: Paint): string => {
	if (!(thrown instanceof SlipwayError)) return toPlainText(thrown, paint);
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
	if (!(thrown instanceof SlipwayError)) {
		const hint = thrown instanceof Error ? toSystemHint(thrown) : undefined;
		return { error: { code: 'UNEXPECTED', message: toMessage(thrown), hint: hint ?? 'Please report this.' } };
	}
	const { code, message, hint, cause } = thrown;
	return { error: { code, message, hint, ...(cause === undefined ? {} : { cause: toMessage(cause) }) } };
};
