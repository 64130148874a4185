import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Context } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import { type Command, InvalidArgumentError } from 'commander';
import type { Acting } from './join/operations.ts';
import type { Door } from './join/project.ts';
import { Interrupted, withContext } from './output/context.ts';
import { toErrorJson, toErrorText } from './output/error-text.ts';
import { EXIT, toExitCode } from './output/exit-code.ts';
import { type Paint, toPaint } from './output/paint.ts';
import { withProgress } from './output/progress.ts';
import { toReportText } from './output/report-text.ts';

/** The process as the command sees it. */
export interface Io {
	readonly environment: NodeJS.ProcessEnv;
	readonly cwd: string;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
}

/** Options that every command has. */
export interface GlobalOptions {
	readonly project?: string;
	readonly config?: string;
	readonly release?: string;
	readonly json?: boolean;
	readonly quiet?: boolean;
	readonly verbose?: boolean;
}

/** What a command hands back: an exit code, and what to print in either form. */
export interface Result {
	readonly code: number;
	readonly json: object;
	readonly text: (paint: Paint) => string;
}

export const toDoor = ({ project, config, release }: GlobalOptions, io: Io): Door => ({
	folder: project ?? io.cwd,
	configFile: config,
	releaseFolder: release,
	environment: io.environment,
});

const toActor = (): string => {
	try {
		return userInfo().username;
	} catch {
		return 'unknown';
	}
};

/** A whole number of at least 1, or a usage error. */
export const parseNumber = (text: string): number => {
	const number = Number(text);
	if (/^\d{1,9}$/.test(text) && number > 0) return number;
	throw new InvalidArgumentError('Expected a whole number of at least 1.');
};

/** A version as people have it at hand: also as the tag that names it. */
export const toVersion = (text: string): string => text.replace(/^(?:refs\/tags\/)?v(?=\d)/, '');

export const toActing = ({
	takeOver,
	wait,
}: {
	readonly takeOver?: string;
	readonly wait?: number;
}): Acting => ({
	run: { key: randomUUID(), actor: toActor() },
	takeOver,
	waitMs: wait === undefined ? undefined : wait * 1000,
});

export const toReportResult = (report: ReleaseReport): Result => ({
	code: toExitCode(report),
	json: report,
	text: (paint) => toReportText(report, paint),
});

const printFailure = (thrown: unknown, io: Io, json: boolean): number => {
	if (json) io.stdout.write(`${JSON.stringify(toErrorJson(thrown), null, 2)}\n`);
	io.stderr.write(`${toErrorText(thrown, toPaint(io.stderr, io.environment))}\n`);
	return thrown instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
};

/** Runs one command under a Context with progress, prints its result, and leaves the exit code in `exit`. */
export const runCommand = async (
	command: Command,
	{ io, exit, title }: { readonly io: Io; readonly exit: (code: number) => void; readonly title: string },
	task: (context: Context) => Promise<Result>,
): Promise<void> => {
	const { json = false, quiet = false, verbose = false } = command.optsWithGlobals<GlobalOptions>();
	const live = !json && !verbose && io.stderr.isTTY === true && !io.environment.CI;
	const paint = toPaint(io.stderr, io.environment);
	try {
		const progress = { quiet, verbose, live, paint, write: (text: string) => void io.stderr.write(text) };
		const result = await withProgress(title, progress, (log) => withContext(log, task));
		io.stdout.write(
			json
				? `${JSON.stringify(result.json, null, 2)}\n`
				: `${result.text(toPaint(io.stdout, io.environment))}\n`,
		);
		exit(result.code);
	} catch (thrown) {
		exit(printFailure(thrown, io, json));
	}
};
