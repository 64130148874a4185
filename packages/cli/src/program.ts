import { Command } from 'commander';
import type { Io } from './command.ts';
import { addApt } from './commands/apt.ts';
import { addBuild, addJoin, addReproduce } from './commands/build.ts';
import { addConformance } from './commands/conformance.ts';
import { addGate } from './commands/gate.ts';
import { addKeys } from './commands/keys.ts';
import {
	addAbort,
	addContinue,
	addRelease,
	addRestore,
	addRollback,
	addStatus,
} from './commands/operations.ts';
import { addPlan } from './commands/plan.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addSbom } from './commands/sbom.ts';
import { addSign } from './commands/sign.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT, EXIT_CODES_TEXT } from './output/exit-code.ts';

/** Every command of `slipway`, in the order of a release's life. */
const COMMANDS = [
	addBuild,
	addReproduce,
	addJoin,
	addSbom,
	addSign,
	addGate,
	addPlan,
	addRelease,
	addContinue,
	addStatus,
	addAbort,
	addRollback,
	addRestore,
	addVerify,
	addRehearse,
	addApt,
	addKeys,
	addConformance,
];

const toProgram = (io: Io, exit: (code: number) => void): Command => {
	const program = new Command('slipway')
		.description(
			'Releases a project to npm and apt as one transaction, resumes what broke, and hauls it back.',
		)
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
	for (const add of COMMANDS) add(program, { io, exit });
	return program;
};

/** Runs one command line and returns its exit code. Never throws. */
export const runCli = async (args: readonly string[], io: Io): Promise<number> => {
	let code: number = EXIT.done;
	const program = toProgram(io, (result) => {
		code = result;
	});
	for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
	try {
		await program.parseAsync([...args], { from: 'user' });
		return code;
	} catch (thrown) {
		const { exitCode = EXIT.failed } = thrown as { readonly exitCode?: number };
		return exitCode === 0 ? EXIT.done : EXIT.usage;
	}
};
