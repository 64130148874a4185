// Where tests keep what they throw away: in memory, where there is room for it. Thousands of small files are synced, moved
// and removed there, and nothing of it has to survive the machine.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const NEEDED_BYTES = 4 * 1024 ** 3;

const hasRoom = (folder: string): boolean => {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize >= NEEDED_BYTES;
};

/** Many systems let nothing be executed there, and tests write programs. */
const canExecute = (folder: string): boolean => {
	const program = join(folder, 'program');
	writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
	return spawnSync(program).status === 0;
};

/** Runs the task with TMPDIR in memory where that can be, and removes what was left there. */
export const withFastTemp = <Result>(task: () => Result): Result => {
	if (process.env.TMPDIR || !existsSync(MEMORY) || !hasRoom(MEMORY)) return task();
	const folder = mkdtempSync(join(MEMORY, 'slipway-'));
	// As the usual one: apt-get downloads as a user of its own.
	chmodSync(folder, 0o755);
	try {
		if (canExecute(folder)) process.env.TMPDIR = folder;
		return task();
	} finally {
		delete process.env.TMPDIR;
		rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	}
};
