// F23: GitHub cancels a step with SIGINT, 7.5 s later with SIGTERM, and 2.5 s after that kills it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIXTURE = join(import.meta.dirname, 'run-action.fixture.ts');

test('a step that is cancelled ends by itself, with a reason, and leaves nothing behind', async () => {
	const temp = await mkdtemp(join(tmpdir(), 'cancel-'));
	const child = spawn(process.execPath, [FIXTURE], {
		env: {
			PATH: process.env.PATH,
			RUNNER_TEMP: temp,
			INPUT_SCENE: 'wait',
			INPUT_TEXT: '',
			INPUT_KEY: '',
			INPUT_RELEASES: 'true',
		},
	});
	let log = '';
	child.stdout.on('data', (data) => {
		log += data;
		if (!log.includes('waiting') || child.killed) return;
		child.kill('SIGINT');
		child.kill('SIGTERM');
	});
	const [code, signal] = await once(child, 'exit');
	expect([code, signal]).toEqual([1, null]);
	// Of two signals that wait together, the kernel runs the handler of either first.
	expect(log).toMatch(/::error title=RUNNER_CANCELLED::the run was cancelled \((?:SIGINT|SIGTERM)\)/);
	expect(await readdir(temp)).toEqual([]);
	await rm(temp, { recursive: true });
});
