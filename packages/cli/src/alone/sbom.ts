import type { Io } from '../command.ts';
import { addSbom } from '../commands/sbom.ts';
import { runProgram } from '../run-program.ts';

/** `slipway sbom …` without the other commands. */
export const run = (args: readonly string[], io: Io): Promise<number> => runProgram(args, io, [addSbom]);
