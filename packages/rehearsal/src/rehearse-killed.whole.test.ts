import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeWith } from '@slipway/testing';
import { toOfflineEnvironment, writeSmallProject } from './rehearse.fixture.ts';

const COMMAND = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-killed-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const readProcess = (pid: string): string => {
	try {
		return ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1')).join(' ');
	} catch {
		return ''; // it has ended meanwhile
	}
};

/** Command lines of all processes that have our folder in their arguments or environment. */
const findProcesses = (): readonly string[] =>
	readdirSync('/proc')
		.filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
		.map(readProcess)
		.filter((text) => text.includes(folder));

const isTold = async (output: NodeJS.ReadableStream, text: string): Promise<void> => {
	for await (const chunk of output) if (String(chunk).includes(text)) return;
	throw new Error(`expected ${JSON.stringify(text)} in the output`);
};

// Reads /proc, hence Linux; strace stands for that here, as in the other crash tests.
describeWith('strace', 'a rehearsal that is killed', () => {
	test.each(['build', 'release', 'rollback'])(
		'leaves no process when it is killed during %s',
		async (step) => {
			const project = writeSmallProject(join(folder, 'small'));
			const child = spawn(process.execPath, [COMMAND, 'rehearse', project, '--out', join(folder, 'out')], {
				env: toOfflineEnvironment() as NodeJS.ProcessEnv,
				stdio: ['ignore', 'ignore', 'pipe'],
			});
			await isTold(child.stderr, `small: ${step}`);
			while (findProcesses().length < 3) await sleep(20);
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
			const deadline = Date.now() + 5_000;
			while (findProcesses().length > 0 && Date.now() < deadline) await sleep(50);
			expect(findProcesses()).toEqual([]);
		},
		900_000,
	);

	test('ends with 130 when somebody presses Ctrl-C, and leaves no process', async () => {
		const project = writeSmallProject(join(folder, 'small'));
		const child = spawn(process.execPath, [COMMAND, 'rehearse', project, '--out', join(folder, 'out')], {
			env: toOfflineEnvironment() as NodeJS.ProcessEnv,
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		await isTold(child.stderr, 'small: build');
		const ended = once(child, 'exit');
		child.kill('SIGINT');
		expect(await ended).toEqual([130, null]);
		expect(readdirSync(join(folder, 'out'))).not.toContain('result.json');
		expect(findProcesses()).toEqual([]);
	});
});
