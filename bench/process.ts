import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process from its start to its end. */
export interface Measured {
	readonly ms: number;
	/** Largest resident memory of it or of one of its children, MiB, as Linux counts it; 0 elsewhere. */
	readonly peak: number;
	readonly stdout: string;
}

interface Place {
	readonly cwd: string;
	readonly environment?: Readonly<Record<string, string | undefined>>;
}

const SAMPLE_MS = 10;

const readProc = (pid: number, file: string): string => {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
};

/** VmHWM only grows: the last sample before the end is within a few milliseconds of the truth. */
const readPeak = (pid: number): number => {
	const own = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readProc(pid, 'status'))?.[1] ?? 0) / 1024;
	const children = readProc(pid, `task/${pid}/children`).trim().split(' ').filter(Boolean);
	return Math.max(own, ...children.map((child) => readPeak(Number(child))));
};

/** Runs a program to its end. @throws Error with the end of what it said where it fails */
export const measureProcess = (argv: readonly string[], { cwd, environment }: Place): Promise<Measured> =>
	new Promise((resolve, reject) => {
		const started = performance.now();
		const [program = '', ...args] = argv;
		const child = spawn(program, args, {
			cwd,
			env: environment ?? process.env,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let [stdout, stderr, peak] = ['', '', 0];
		child.stdout.on('data', (chunk) => {
			stdout += chunk;
		});
		child.stderr.on('data', (chunk) => {
			stderr += chunk;
		});
		const timer = setInterval(() => {
			peak = Math.max(peak, readPeak(child.pid ?? 0));
		}, SAMPLE_MS);
		child.on('error', reject);
		child.on('close', (code) => {
			clearInterval(timer);
			if (code === 0) resolve({ ms: performance.now() - started, peak, stdout });
			else reject(new Error(`${argv.join(' ').slice(0, 300)} ended with ${code}: ${stderr.slice(-1000)}`));
		});
	});
