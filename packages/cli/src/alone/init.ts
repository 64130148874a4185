import type { Io } from '../command.ts';
import { addInit } from '../commands/init.ts';
import { runProgram } from '../run-program.ts';

/** `slipway init …` without the other commands. */
export const run = (args: readonly string[], io: Io): Promise<number> => runProgram(args, io, [addInit]);
