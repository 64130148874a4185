import { type Context, SlipwayError, toMessage, toPrintable } from '@slipway/core';
import type { Command } from '@slipway/core/config';
import { type Argv, findNpmCli, run } from '@slipway/process';
import type { BuildCode } from './code.ts';
import type { Environment } from './environment.ts';

const TAIL_LINES = 30;
const TIMEOUT_MS = 60 * 60_000;
const LINE_CHARACTERS = 160;

const toWord = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word));
const toLine = (command: Command): string => toPrintable(command.map(toWord).join(' '), LINE_CHARACTERS);

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
	/** Puts programs in front that change the world of the command. Default: none. */
	readonly wrap?: (argv: Argv) => Argv;
}

/** Windows cannot start npm.cmd without a shell: its JavaScript file is started there instead. */
const toArgv = (command: Command, environment: Environment): Argv => {
	const [program = '', ...args] = command;
	return process.platform === 'win32' && program === 'npm'
		? [...findNpmCli(environment), ...args]
		: [program, ...args];
};

const toUnknown = (command: Command, cause: unknown): unknown =>
	cause instanceof SlipwayError && /^PROCESS_(NOT_FOUND|START_FAILED)$/.test(cause.code)
		? new SlipwayError<BuildCode>('BUILD_COMMAND_UNKNOWN', `${toLine(command)}: ${toMessage(cause)}`, {
				hint: 'Install the program, or correct the command in slipway.yml. A command is a list of words; no shell reads it.',
				cause,
			})
		: cause;

const runOne = async (command: Command, place: CommandPlace, context: Context): Promise<void> => {
	const { cwd, environment, code, wrap = (argv) => argv } = place;
	context.log.info(`running ${toLine(command)}`);
	const finished = await run(wrap(toArgv(command, environment)), {
		cwd,
		environment,
		timeoutMs: TIMEOUT_MS,
		signal: context.signal,
		onLine: (line) => context.log.debug(line),
	}).catch((cause) => {
		throw context.signal.aborted ? context.signal.reason : toUnknown(command, cause);
	});
	if (finished.code === 0) return;
	const end =
		finished.code === null ? `was ended by ${finished.signal}` : `ended with exit code ${finished.code}`;
	const message = `${toLine(command)} ${end}\n${toTail(finished.stdout + finished.stderr)}`;
	const hint = `Run it in ${cwd} and mend what it says. Nothing was published.`;
	throw new SlipwayError<BuildCode>(code, message, { hint });
};

/**
 * Runs commands one after the other; the first that fails ends it.
 * @throws SlipwayError BUILD_COMMAND_FAILED, TEST_COMMAND_FAILED, BUILD_COMMAND_UNKNOWN, PROCESS_TIMEOUT
 */
export const runCommands = async (
	commands: readonly Command[],
	place: CommandPlace,
	context: Context,
): Promise<void> => {
	for (const command of commands) await runOne(command, place, context);
};
