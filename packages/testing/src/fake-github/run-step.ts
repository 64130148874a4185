import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@slipway/process';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { type ExecutedCommand, readCommands, readKeyValues } from './runner-commands.ts';

export interface Step {
	/** The JavaScript file of the action; run with this Node, as `using: node24` is. */
	readonly main: string;
	readonly inputs: Readonly<Record<string, string>>;
	/** Folder of the checked-out project. */
	readonly workspace: string;
	/** Besides what the runner sets: services (FakeGitHub.environment), secrets of `env:`. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly eventName?: string;
	readonly event?: object;
	readonly signal?: AbortSignal;
}

export interface StepResult {
	readonly code: number | null;
	/** What the process printed, both streams, unread by any runner. */
	readonly log: string;
	readonly commands: readonly ExecutedCommand[];
	readonly errors: readonly ExecutedCommand[];
	readonly outputs: Readonly<Record<string, string>>;
	readonly summary: string;
	/** Contents of GITHUB_ENV, GITHUB_PATH and GITHUB_STATE: no action of ours writes there. */
	readonly strayWrites: string;
}

const FILES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE'] as const;

/** `INPUT_*` as the runner names them: upper case, blanks to underscores, hyphens kept. */
const toInputVariables = (inputs: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(inputs).map(([name, value]) => [
			`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
			value,
		]),
	);

const toRunnerVariables = (step: Step, folder: string): Record<string, string> => ({
	CI: 'true',
	GITHUB_ACTIONS: 'true',
	GITHUB_WORKSPACE: step.workspace,
	GITHUB_EVENT_NAME: step.eventName ?? 'push',
	GITHUB_EVENT_PATH: join(folder, 'event.json'),
	GITHUB_REPOSITORY: 'acme/greet',
	GITHUB_REF: 'refs/tags/v1.0.0',
	GITHUB_REF_PROTECTED: 'true',
	GITHUB_SHA: '0123456789012345678901234567890123456789',
	GITHUB_RUN_ID: '1',
	GITHUB_RUN_ATTEMPT: '1',
	GITHUB_ACTOR: 'ada',
	RUNNER_TEMP: join(folder, 'temp'),
	RUNNER_TOOL_CACHE: join(folder, 'tools'),
	RUNNER_OS: 'Linux',
	RUNNER_ENVIRONMENT: 'github-hosted',
	HOME: join(folder, 'home'),
	...Object.fromEntries(FILES.map((name) => [name, join(folder, name)])),
});

const prepare = async (step: Step, folder: string): Promise<void> => {
	for (const name of ['temp', 'tools', 'home']) await mkdir(join(folder, name));
	for (const name of FILES) await writeFile(join(folder, name), '');
	const event = step.event ?? { repository: { full_name: 'acme/greet' } };
	await writeFile(join(folder, 'event.json'), JSON.stringify(event));
};

const collect = async (folder: string, code: number | null, log: string): Promise<StepResult> => {
	const read = (name: (typeof FILES)[number]): Promise<string> => readFile(join(folder, name), 'utf8');
	const commands = readCommands(log);
	return {
		code,
		log,
		commands,
		errors: commands.filter(({ command }) => command === 'error'),
		outputs: readKeyValues(await read('GITHUB_OUTPUT')),
		summary: await read('GITHUB_STEP_SUMMARY'),
		strayWrites: `${await read('GITHUB_ENV')}${await read('GITHUB_PATH')}${await read('GITHUB_STATE')}`,
	};
};

/** Runs one JavaScript action as a child process, the way GitHub's runner does, and reads what it left behind. */
export const runStep = async (step: Step): Promise<StepResult> => {
	const folder = await mkdtemp(join(tmpdir(), 'runner-'));
	try {
		await prepare(step, folder);
		const finished = await run([process.execPath, step.main], {
			cwd: step.workspace,
			environment: {
				PATH: process.env.PATH,
				NODE_COMPILE_CACHE: COMPILE_CACHE,
				...toRunnerVariables(step, folder),
				...toInputVariables(step.inputs),
				...step.environment,
			},
			...(step.signal ? { signal: step.signal } : {}),
		});
		return await collect(folder, finished.code, `${finished.stdout}\n${finished.stderr}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
