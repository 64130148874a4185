import type { Io } from '../command.ts';
import { addApt } from '../commands/apt.ts';
import { runProgram } from '../run-program.ts';

/** `slipway apt …` without the other commands. */
export const run = (args: readonly string[], io: Io): Promise<number> => runProgram(args, io, [addApt]);
