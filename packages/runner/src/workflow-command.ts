import { randomUUID } from 'node:crypto';
import { toPrintable } from '@slipway/core';

const escapeData = (text: string): string =>
	text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
	escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Foreign text of several lines: each line printable, the line breaks kept. */
export const toPrintableLines = (text: string): string[] =>
	text.split(/\r?\n/).map((line) => toPrintable(line));

/** One line that the runner executes (`::error title=…::…`), with the escapes of GitHub's own toolkit. */
export const toWorkflowCommand = (
	command: string,
	message: string,
	properties: Readonly<Record<string, string>> = {},
): string => {
	const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
	return `::${[command, ...(list.length > 0 ? [list.join(',')] : [])].join(' ')}::${escapeData(message)}`;
};

/** What the runner would read as a command: `::…` at the start of a line, `##[…` anywhere in it. */
const COMMAND_LIKE = /^\s*::|##\[/;

/**
 * Lines for the log in which no text, wherever it comes from, is executed by the runner. Text that looks like a
 * command is printed while commands are stopped by a token nobody can guess (CVE-2022-35954 is the precedent).
 */
export const toInertLines = (text: string, token: string = randomUUID()): string[] => {
	const lines = toPrintableLines(text);
	if (!lines.some((line) => COMMAND_LIKE.test(line))) return lines;
	return [`::stop-commands::${token}`, ...lines, `::${token}::`];
};
