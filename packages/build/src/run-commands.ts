import { type Context, SlipwayError, toMessage, toPrintable } from '@slipway/core';
import type { Command } from '@slipway/core/config';
import { run } from '@slipway/process';
import type { BuildCode } from './code.ts';
import type { Environment } from './environment.ts';

const TAIL_LINES = 30;
const TIMEOUT_MS = 60 * 60_000;

const LINE_CHARACTERS = 160;

const toLine = (command: Command): string => toPrintable(toWords(command), LINE_CHARACTERS);

const toWords = (command: Command): string =>
	command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');

const toTail = (output: string): string =>
	output
		.trimEnd()
		.split('\n')
		.slice(-TAIL_LINES)
		.map((line) => toPrintable(line, 500))
		.join('\n');

export interface CommandPlace {
	readonly cwd: string;
	readonly environment: Environment;
	/** The code to fail with: what kind of command this is. */
	readonly code: 'BUILD_COMMAND_FAILED' | 'TEST_COMMAND_FAILED';
}

const runOne = async (command: Command, place: CommandPlace, context: Context): Promise<void> => {
	const { cwd, environment, code } = place;
	context.log.info(`running ${toLine(command)}`);
	const finished = await run(command, {
		cwd,
		environment,
		timeoutMs: TIMEOUT_MS,
		signal: context.signal,
		onLine: (line) => context.log.debug(line),
	}).catch((cause) => {
		if (context.signal.aborted) throw context.signal.reason;
		throw new SlipwayError<BuildCode>('BUILD_COMMAND_UNKNOWN', `${toLine(command)}: ${toMessage(cause)}`, {
			hint: 'Install the program, or correct the command in slipway.yml. A command is a list of words; no shell reads it.',
			cause,
		});
	});
	if (finished.code === 0) return;
	const end =
		finished.code === null ? `was ended by ${finished.signal}` : `ended with exit code ${finished.code}`;
	throw new SlipwayError<BuildCode>(
		code,
		`${toLine(command)} ${end}\n${toTail(finished.stdout + finished.stderr)}`,
		{
			hint: `Run it in ${cwd} and mend what it says. Nothing was published.`,
		},
	);
};

/**
 * Runs commands one after the other; the first that fails ends it.
 * @throws SlipwayError BUILD_COMMAND_FAILED, TEST_COMMAND_FAILED, BUILD_COMMAND_UNKNOWN
 */
export const runCommands = async (
	commands: readonly Command[],
	place: CommandPlace,
	context: Context,
): Promise<void> => {
	for (const command of commands) await runOne(command, place, context);
};
