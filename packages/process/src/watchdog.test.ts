import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WATCHDOG_SCRIPT } from './watchdog.ts';

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

/** Processes that live: no zombies. */
const list = (): readonly { readonly pid: number; readonly parent: number; readonly command: string }[] => {
	const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
	return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/gm)].map(
		([, pid, parent, command = '']) => ({
			pid: Number(pid),
			parent: Number(parent),
			command,
		}),
	);
};

const isAlive = (pid: number): boolean => list().some((each) => each.pid === pid);

/** Those of one parent. */
const listWatchdogs = (of: number): readonly number[] =>
	list()
		.filter(({ parent, command }) => parent === of && command.startsWith('/bin/sh -c watched='))
		.map(({ pid }) => pid);

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

/** What it would end, told by a `kill` that only prints. */
const runScript = (input: string): string =>
	spawnSync('/bin/sh', ['-c', `kill() { echo "$*"; }\n${WATCHDOG_SCRIPT}`], { input, encoding: 'utf8' })
		.stdout;

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('the script of a watchdog', () => {
	test.each([
		['nothing', '', ''],
		[
			'what it watches, each with its signal',
			'watch 12:KILL\nwatch 13:TERM\n',
			'-s KILL -- -12\n-s TERM -- -13\n',
		],
		['not what it has left', 'watch 12:KILL\nwatch 123:KILL\nleave 12:KILL\n', '-s KILL -- -123\n'],
		['once what is watched twice', 'watch 12:KILL\nwatch 12:KILL\n', '-s KILL -- -12\n'],
		['what is watched again', 'watch 12:KILL\nleave 12:KILL\nwatch 12:TERM\n', '-s TERM -- -12\n'],
		['not half a line', 'watch 12:KILL\nwatch 1', '-s KILL -- -12\n'],
	])('ends %s', (_name, input, killed) => {
		expect(runScript(input)).toBe(killed);
	});
});

onPosix('a watchdog', () => {
	test('is one, and ends all that run when we are killed', () =>
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

	test('that somebody ended is replaced by one that watches the same', () =>
		withParent(async (parent) => {
			const pid = Number(await parent.ask('start'));
			const [first = 0] = listWatchdogs(parent.pid);
			process.kill(first, 'SIGKILL');
			const isReplaced = () => listWatchdogs(parent.pid).some((each) => each !== first);
			expect(await until(isReplaced)).toBe(true);
			parent.process.kill('SIGKILL');
			expect(await until(() => !isAlive(pid))).toBe(true);
		}));

	test('goes when there is nothing left to watch', () =>
		withParent(async (parent) => {
			await parent.ask('start');
			expect(listWatchdogs(parent.pid)).toHaveLength(1);
			await parent.ask('end 0');
			expect(await until(() => listWatchdogs(parent.pid).length === 0)).toBe(true);
		}));
});
