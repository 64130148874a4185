import { Command } from 'commander';
import type { Io } from './command.ts';
import type { Parts } from './commands/operations.ts';
import { TOOL } from './join/tool.ts';
import { EXIT, EXIT_CODES_TEXT } from './output/exit-code.ts';

/** Adds one command to the program. */
export type AddCommand = (program: Command, parts: Parts) => void;

/** Behind a command it would end that command unsaid, as if it were done: `slipway release --version 1.2.0`. */
const mayAskVersion = (args: readonly string[]): boolean =>
	args.every((arg) => arg.startsWith('-') || arg === 'help');

const toProgram = (
	commands: readonly AddCommand[],
	{ io, exit }: Parts,
	args: readonly string[],
): Command => {
	const program = new Command('slipway').description(
		'Releases a project to npm, apt and GitHub as one transaction, resumes what broke, and hauls it back.',
	);
	if (mayAskVersion(args)) program.version(TOOL.version, '-V, --version', 'print the version');
	program
		.option('--project <dir>', 'the project folder (default: here)')
		.option('--config <file>', 'default: slipway.yml in the project folder')
		.option('--release <folder>', 'the Release folder (default: .slipway/releases/<version>)')
		.option('--json', 'one JSON document on standard output')
		.option('-q, --quiet', 'only warnings and the result')
		.option('-v, --verbose', 'every step, one line each')
		.addHelpText('after', `\n${EXIT_CODES_TEXT}\n\nNO_COLOR turns colours off; CI turns redrawn lines off.`)
		.configureOutput({
			writeOut: (text) => void io.stdout.write(text),
			writeErr: (text) => void io.stderr.write(text),
		})
		.exitOverride()
		.showHelpAfterError('(slipway --help lists the commands)');
	for (const add of commands) add(program, { io, exit });
	return program;
};

/** Runs one command line with these commands and returns its exit code. Never throws. */
export const runProgram = async (
	args: readonly string[],
	io: Io,
	commands: readonly AddCommand[],
): Promise<number> => {
	let code: number = EXIT.done;
	const exit = (result: number): void => {
		code = result;
	};
	const program = toProgram(commands, { io, exit }, args);
	for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
	try {
		await program.parseAsync([...args], { from: 'user' });
		return code;
	} catch (thrown) {
		const { exitCode = EXIT.failed } = thrown as { readonly exitCode?: number };
		return exitCode === 0 ? EXIT.done : EXIT.usage;
	}
};
