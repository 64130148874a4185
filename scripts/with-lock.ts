import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

const tryTake = (path: string): boolean => {
	try {
		writeFileSync(path, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		return false;
	}
};

const dropDead = (path: string): void => {
	try {
		const owner = Number(readFileSync(path, 'utf8'));
		if (owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
	} catch {
		// Gone meanwhile: the next try takes it.
	}
};

/** Runs the task while no other process of this folder runs one under the same lock file. For tools, not for data. */
export const withLock = async <Result>(path: string, task: () => Promise<Result>): Promise<Result> => {
	mkdirSync(dirname(path), { recursive: true });
	while (!tryTake(path)) {
		dropDead(path);
		await delay(200);
	}
	try {
		return await task();
	} finally {
		rmSync(path, { force: true });
	}
};
