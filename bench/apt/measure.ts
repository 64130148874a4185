import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Argv, Contestant } from './peers.ts';

const TIME = '/usr/bin/time';

/** @throws Error with what the program said */
const runOnce = (argv: Argv, environment: NodeJS.ProcessEnv): Promise<string> =>
	new Promise((resolve, reject) => {
		const [program, ...rest] = argv;
		const child = spawn(program, rest, {
			env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', ...environment },
			stdio: ['ignore', 'ignore', 'pipe'],
			timeout: 600_000,
		});
		const parts: string[] = [];
		child.stderr.on('data', (chunk) => parts.push(String(chunk)));
		child.on('error', reject);
		child.on('close', (code) => {
			const text = parts.join('');
			if (code === 0) resolve(text);
			else reject(new Error(`${argv.slice(0, 6).join(' ')}: ${code} ${text.trim().slice(-600)}`));
		});
	});

/** Memory is measured apart from time, so that no other process stands between. */
export const timeTask = async (contestant: Contestant, task: 'add' | 'remove'): Promise<number> => {
	const started = performance.now();
	for (const argv of contestant[task]) await runOnce(argv, contestant.environment);
	return performance.now() - started;
};

/** The most memory of one process, MiB; undefined where GNU time is not installed. */
export const measurePeak = async (
	contestant: Contestant,
	task: 'add' | 'remove',
): Promise<number | undefined> => {
	const peaks: number[] = [];
	for (const argv of contestant[task]) {
		if (!existsSync(TIME)) {
			await runOnce(argv, contestant.environment);
			continue;
		}
		const text = await runOnce([TIME, '-f', 'peak %M', ...argv], contestant.environment);
		peaks.push(Number(/peak (\d+)/.exec(text)?.[1]) / 1024);
	}
	return peaks.length > 0 ? Math.max(...peaks) : undefined;
};
