import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HistoryEvent } from './history.ts';
import type { Job } from './mix.ts';
import type { Ending } from './publisher-ending.ts';
import type { Setting } from './setting.ts';

const PROGRAM = fileURLToPath(new URL('./publisher-child.ts', import.meta.url));

/** What became of one process. `ending` undefined: it crashed, or was killed for taking too long. */
export interface Finished {
	readonly name: string;
	readonly exitCode: number | null;
	readonly events: readonly HistoryEvent[];
	readonly ending: Ending | undefined;
	readonly errors: string;
}

interface Waiting {
	readonly ready: Promise<void>;
	readonly finished: Promise<Finished>;
	start(): void;
	kill(): void;
}

const startChild = (setting: Setting, job: Job): Waiting => {
	const child = spawn(process.execPath, ['--no-warnings', PROGRAM, JSON.stringify({ ...setting, job })], {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: setting.environment as NodeJS.ProcessEnv,
	});
	const events: HistoryEvent[] = [];
	const errors: string[] = [];
	let ending: Ending | undefined;
	child.stderr.on('data', (data) => errors.push(String(data)));
	child.stdin.on('error', () => {});
	const lines = createInterface({ input: child.stdout });
	const ended = once(child, 'close');
	const ready = new Promise<void>((resolve, reject) => {
		lines.on('line', (line) => {
			if (line === 'ready') return resolve();
			const said: HistoryEvent | Ending = JSON.parse(line);
			if ('end' in said) ending = said;
			else events.push(said);
		});
		ended.then(() => reject(new Error(`${setting.name} ended before it began: ${errors.join('')}`)), reject);
	});
	const finished = ended.then(([exitCode]) => ({
		name: setting.name,
		exitCode,
		events,
		ending,
		errors: errors.join(''),
	}));
	return { ready, finished, start: () => child.stdin.end('go\n'), kill: () => child.kill('SIGKILL') };
};

/** Starts a process for each job, waits until all are ready, lets all go at once, and waits for all to end. */
export const runTeam = async (
	setting: Setting,
	jobs: readonly Job[],
	{ timeoutMs }: { readonly timeoutMs: number },
): Promise<readonly Finished[]> => {
	const team = jobs.map((job, index) => startChild({ ...setting, name: `p${index + 1}` }, job));
	const timer = setTimeout(() => {
		for (const member of team) member.kill();
	}, timeoutMs);
	try {
		await Promise.all(team.map(({ ready }) => ready));
		for (const member of team) member.start();
		return await Promise.all(team.map(({ finished }) => finished));
	} finally {
		clearTimeout(timer);
		for (const member of team) member.kill();
	}
};
