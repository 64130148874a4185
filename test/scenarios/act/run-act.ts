import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@slipway/process';
import { type ActLog, parseActLog } from './act-log.ts';
import type { ExpandedLibrary } from './expand-library.ts';

/** One run of one workflow file, as GitHub would start it. */
export interface ActRequest {
	/** The program. */
	readonly act: string;
	readonly library: ExpandedLibrary;
	/** The workflow file, expanded. */
	readonly workflow: string;
	/** The checked-out repository. Each job that checks out gets a copy of it. */
	readonly workspace: string;
	/** A new folder for HOME, caches, and whatever else the run writes. */
	readonly folder: string;
	readonly event: { readonly name: string; readonly payload: object };
	readonly inputs?: Readonly<Record<string, string>> | undefined;
	readonly secrets?: Readonly<Record<string, string>> | undefined;
	/** The `vars` context. */
	readonly variables?: Readonly<Record<string, string>> | undefined;
	/** What every step has in its environment, besides what act sets. */
	readonly environment: Readonly<Record<string, string>>;
	/** Labels of runners, all of which are this machine. */
	readonly runners: readonly string[];
	readonly timeoutMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
}

export interface ActRun extends ActLog {
	/** act's own verdict: 0 or 1. Never enough alone. */
	readonly code: number | null;
	readonly seconds: number;
	readonly log: string;
}

const toEnvFile = (values: Readonly<Record<string, string>>): string =>
	Object.entries(values)
		.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
		.join('');

/** Lists that would otherwise be read from the workspace. */
const writeLists = async ({ folder, event, ...lists }: ActRequest): Promise<string[]> => {
	const write = async (name: string, text: string): Promise<string> => {
		await writeFile(join(folder, name), text);
		return join(folder, name);
	};
	return [
		`--eventpath=${await write('event.json', JSON.stringify(event.payload))}`,
		`--env-file=${await write('environment', toEnvFile(lists.environment))}`,
		`--secret-file=${await write('secrets', toEnvFile(lists.secrets ?? {}))}`,
		`--var-file=${await write('variables', toEnvFile(lists.variables ?? {}))}`,
		`--input-file=${await write('inputs', '')}`,
	];
};

const toArguments = ({ event, workflow, runners, library, inputs = {} }: ActRequest): string[] => [
	event.name,
	...['--json', '--verbose', '--rm', '--no-cache-server'],
	'--actor=ada',
	// Their names may have hyphens, which no file of variables can hold.
	...Object.entries(inputs).map(([name, value]) => `--input=${name}=${value}`),
	`--workflows=${workflow}`,
	...runners.map((label) => `--platform=${label}=-self-hosted`),
	...[...library.folders].map(([repository, folder]) => `--local-repository=${repository}=${folder}`),
];

/** act hands its own environment to every step, and runs node actions with the first `node` on PATH. */
const toEnvironment = (folder: string): Record<string, string> => ({
	PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
	HOME: join(folder, 'home'),
	XDG_CACHE_HOME: join(folder, 'cache'),
	TMPDIR: join(folder, 'tmp'),
	LANG: 'C.UTF-8',
	TERM: 'dumb',
	PAGER: 'cat',
	GIT_PAGER: 'cat',
	NO_COLOR: '1',
	// npm is started several times in each run.
	NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-test-compile-cache'),
	ACT_DISABLE_VERSION_CHECK: '1',
});

/** Runs act in host mode. A job that fails is no error. @throws SlipwayError PROCESS_TIMEOUT, PROCESS_ABORTED */
export const runAct = async (request: ActRequest): Promise<ActRun> => {
	const { act, folder, workspace, signal } = request;
	for (const name of ['home', 'cache', 'tmp']) await mkdir(join(folder, name), { recursive: true });
	const started = performance.now();
	const lists = await writeLists(request);
	const logFile = join(folder, 'act.log');
	const finished = await run([act, ...toArguments(request), ...lists], {
		cwd: workspace,
		environment: toEnvironment(folder),
		timeoutMs: request.timeoutMs ?? 180_000,
		stdoutFile: logFile,
		...(signal && { signal }),
	});
	const log = `${await readFile(logFile, 'utf8')}${finished.stderr}`;
	const seconds = (performance.now() - started) / 1000;
	return { ...parseActLog(log), code: finished.code, seconds, log };
};
