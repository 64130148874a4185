import type { Io } from './command.ts';
import { addApt } from './commands/apt.ts';
import { addBuild, addJoin, addReproduce } from './commands/build.ts';
import { addConformance } from './commands/conformance.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGate } from './commands/gate.ts';
import { addInit } from './commands/init.ts';
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
import { addStore } from './commands/store.ts';
import { addVerify } from './commands/verify.ts';
import { addWatch } from './commands/watch.ts';
import { type AddCommand, runProgram } from './run-program.ts';

/** Every command of `slipway`, in the order of a release's life. */
export const COMMANDS: readonly AddCommand[] = [
	addInit,
	addDoctor,
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
	addWatch,
	addRehearse,
	addApt,
	addStore,
	addKeys,
	addConformance,
];

/** Runs one command line and returns its exit code. Never throws. */
export const runCli = async (args: readonly string[], io: Io): Promise<number> =>
	runProgram(args, io, COMMANDS);
