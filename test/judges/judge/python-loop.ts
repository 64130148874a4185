import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A command of Python that stays: it answers each list of arguments, in turn. */
export interface PythonLoop {
	ask(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
	/** Lets it end. It ends as well when this process does, however: its standard input does. */
	stop(): void;
}

/** @param python the interpreter that has the command's modules */
export const startPythonLoop = (python: string, folder: string): PythonLoop => {
	const child = spawn(python, [join(import.meta.dirname, 'sigstore_loop.py')], {
		cwd: folder,
		env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', COLUMNS: '400' },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
	createInterface(child.stdout).on('line', (line) => waiting.shift()?.resolve(line));
	const fail = (reason: string): void => {
		for (const { reject } of waiting.splice(0)) reject(new Error(`${python} ended: ${reason}`));
	};
	child.on('error', (error) => fail(error.message));
	child.on('exit', (code, signal) => fail(`${signal ?? code}`));
	return {
		ask: async (args) => {
			const line = await new Promise<string>((resolve, reject) => {
				waiting.push({ resolve, reject });
				child.stdin.write(`${JSON.stringify(args)}\n`);
			});
			return JSON.parse(line);
		},
		stop: () => child.stdin.end(),
	};
};
