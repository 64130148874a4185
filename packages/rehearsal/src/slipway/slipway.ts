import { parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { type Argv, type Finished, run, spawnService } from '@slipway/process';
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

const toArgv = ({ command, project, config, release }: Slipway, args: readonly string[]): Argv => [
	...command,
	...args,
	'--json',
	...['--project', project],
	...['--config', config],
	...['--release', release],
];

/** What a finished run said on standard output; undefined where it was killed before. */
const toJson = ({ stdout }: Finished): unknown => {
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

const isReport = (json: unknown): json is ReleaseReport =>
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

/** Runs before the command in the same process and says so: from then on the process can be killed. */
const ANNOUNCE = 'data:text/javascript,process.stderr.write(%22slipway-process-is-up%5Cn%22)';

/** A running operation that can be killed from outside. `report` is undefined where it was, or where it refused. */
export interface RunningOperation {
	kill(): void;
	readonly ended: Promise<{ readonly finished: Finished; readonly report: ReleaseReport | undefined }>;
}

/** Starts an operation of the transaction for a fault to hit. */
export const startOperation = async (
	slipway: Slipway,
	args: readonly string[],
): Promise<RunningOperation> => {
	const { project: cwd, environment, signal } = slipway;
	const [program, ...rest] = toArgv(slipway, args);
	const service = await spawnService([program, '--import', ANNOUNCE, ...rest], {
		cwd,
		environment,
		signal,
		ready: (line) => line.includes('slipway-process-is-up') || undefined,
	});
	return {
		kill: () => {
			process.kill(service.pid, 'SIGKILL');
		},
		ended: service.ended.then((finished) => {
			const json = toJson(finished);
			return { finished, report: isReport(json) ? json : undefined };
		}),
	};
};
