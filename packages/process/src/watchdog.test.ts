import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('child.ts', import.meta.url));
/** Starts children, as many as it is told in lines, and prints their process ids; `end N` ends the one of line N. */
const PARENT = `
	const { startChild } = await import(${JSON.stringify(START)});
	const { createInterface } = await import('node:readline');
	const children = [];
	const script = 'process.on("SIGTERM", () => { console.log("term"); process.exit() }); console.log("up"); setInterval(() => {}, 1000)';
	for await (const line of createInterface({ input: process.stdin })) {
		const [verb, number] = line.split(' ');
		if (verb === 'end') {
			await children[number].end();
			console.log('ended');
			continue;
		}
		const options = { cwd: '/', environment: {}, ...(verb === 'SIGTERM' ? { lastSignal: verb } : {}) };
		await new Promise(async (resolve) => {
			const child = await startChild([process.execPath, '-e', script], { ...options, onLine: resolve });
			children.push(child);
		});
		console.log(children.at(-1).pid);
	}`;

const ps = (...args: string[]): string =>
	spawnSync('ps', ['-o', 'pid=,stat=,args=', ...args], { encoding: 'utf8' }).stdout;

const isAlive = (pid: number): boolean => /^\s*\d+\s+[^Z]/.test(ps('-p', String(pid)));

/** Those of one parent. */
const listWatchdogs = (parent: number): readonly number[] =>
	[...ps('--ppid', String(parent)).matchAll(/^\s*(\d+)\s+[^Z]\S*\s+\/bin\/sh -c watched=/gm)].map(([, pid]) =>
		Number(pid),
	);

const until = async (isSo: () => boolean): Promise<boolean> => {
	for (let tries = 0; tries < 250 && !isSo(); tries += 1)
		await new Promise((resolve) => setTimeout(resolve, 20));
	return isSo();
};

interface Parent {
	readonly process: ChildProcess;
	readonly pid: number;
	/** Says a line, and gives back the answer. */
	ask(line: string): Promise<string>;
}

const withParent = async (task: (parent: Parent) => Promise<void>): Promise<void> => {
	const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const ask = async (line: string): Promise<string> => {
		parent.stdin.write(`${line}\n`);
		const [answer] = await once(parent.stdout, 'data');
		return String(answer).trim();
	};
	try {
		await task({ process: parent, pid: parent.pid ?? 0, ask });
	} finally {
		parent.kill('SIGKILL');
	}
};

test('one watchdog ends all that run, and none that has ended, when we are killed', () =>
	withParent(async (parent) => {
		const pids = [Number(await parent.ask('start')), Number(await parent.ask('SIGTERM'))];
		expect(listWatchdogs(parent.pid)).toHaveLength(1);
		expect(await parent.ask('end 0')).toBe('ended');
		pids.push(Number(await parent.ask('start')));
		expect(listWatchdogs(parent.pid)).toHaveLength(1);
		expect(pids.map(isAlive)).toEqual([false, true, true]);
		parent.process.kill('SIGKILL');
		expect(await until(() => !pids.some(isAlive))).toBe(true);
	}));

test('a watchdog that somebody ended is replaced at the next child, and the new one watches the others too', () =>
	withParent(async (parent) => {
		const pids = [Number(await parent.ask('start'))];
		const [watchdog = 0] = listWatchdogs(parent.pid);
		process.kill(watchdog, 'SIGKILL');
		expect(await until(() => listWatchdogs(parent.pid).length === 0)).toBe(true);
		pids.push(Number(await parent.ask('start')));
		expect(listWatchdogs(parent.pid)).toHaveLength(1);
		parent.process.kill('SIGKILL');
		expect(await until(() => !pids.some(isAlive))).toBe(true);
	}));

test('with nothing left to watch it goes', () =>
	withParent(async (parent) => {
		await parent.ask('start');
		await parent.ask('end 0');
		expect(listWatchdogs(parent.pid)).toHaveLength(1);
		expect(await until(() => listWatchdogs(parent.pid).length === 0)).toBe(true);
	}));
