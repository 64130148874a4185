import { parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { type Argv, type Finished, run } from '@slipway/process';
import type { ReleaseReport } from '@slipway/release';
import type { RehearsalCode } from '../code.ts';

/** How the command `slipway` is run for one project. */
export interface Slipway {
	/** The program and its first arguments. */
	readonly command: Argv;
	/** The copy that is released. */
	readonly project: string;
	readonly config: string;
	/** The Release folder. */
	readonly release: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
}

const TIMEOUT_MS = 15 * 60_000;

export const toArgv = ({ command, project, config, release }: Slipway, args: readonly string[]): Argv => [
	...command,
	...args,
	'--json',
	...['--project', project],
	...['--config', config],
	...['--release', release],
];

/** What a finished run said on standard output; undefined where it was killed before. */
export const toJson = ({ stdout }: Finished): unknown => {
	const start = stdout.indexOf('{');
	if (start < 0) return undefined;
	try {
		return parseJson(stdout.slice(start), 'the output of slipway');
	} catch {
		return undefined;
	}
};

interface Said {
	readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}

const toFailure = (args: readonly string[], finished: Finished): SlipwayError => {
	const error = (toJson(finished) as Said | undefined)?.error;
	if (error) return new SlipwayError(error.code, error.message, { hint: error.hint });
	const end = finished.signal ?? `exit code ${finished.code}`;
	const tail = finished.stderr
		.trim()
		.slice(-1500)
		.split('\n')
		.map((line) => toPrintable(line))
		.join('\n');
	return new SlipwayError<RehearsalCode>(
		'REHEARSAL_COMMAND_FAILED',
		`slipway ${args.join(' ')}: ${end}\n${tail}`,
		{
			hint: 'Run the same command in the project itself, with --verbose.',
		},
	);
};

/**
 * Runs a command that answers with anything but a report (build).
 * @throws SlipwayError: what the command itself reported, or REHEARSAL_COMMAND_FAILED
 */
export const runSlipway = async (slipway: Slipway, args: readonly string[]): Promise<unknown> => {
	const { project: cwd, environment, signal } = slipway;
	const finished = await run(toArgv(slipway, args), { cwd, environment, signal, timeoutMs: TIMEOUT_MS });
	if (finished.code === 0) return toJson(finished);
	throw toFailure(args, finished);
};

/**
 * Runs a command that answers with a verdict, whatever it is.
 * @throws SlipwayError: what the command itself reported, or REHEARSAL_COMMAND_FAILED
 */
export const askSlipway = async (slipway: Slipway, args: readonly string[]): Promise<object> => {
	const { project: cwd, environment, signal } = slipway;
	const finished = await run(toArgv(slipway, args), { cwd, environment, signal, timeoutMs: TIMEOUT_MS });
	const json = toJson(finished);
	if (typeof json === 'object' && json !== null && !('error' in json)) return json;
	throw toFailure(args, finished);
};

export const isReport = (json: unknown): json is ReleaseReport =>
	typeof json === 'object' && json !== null && 'state' in json && 'subjects' in json;

/**
 * Runs an operation of the transaction and hands back its report, whatever its end state.
 * @throws SlipwayError: what the command itself reported, or REHEARSAL_COMMAND_FAILED
 */
export const runOperation = async (slipway: Slipway, args: readonly string[]): Promise<ReleaseReport> => {
	const { project: cwd, environment, signal } = slipway;
	const finished = await run(toArgv(slipway, args), { cwd, environment, signal, timeoutMs: TIMEOUT_MS });
	const json = toJson(finished);
	if (isReport(json)) return json;
	throw toFailure(args, finished);
};
