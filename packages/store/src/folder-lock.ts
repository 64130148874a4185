import { setTimeout as sleep } from 'node:timers/promises';
import { SlipwayError } from '@slipway/core';
import type { StoreCode } from './store.ts';
import { toStoreError } from './store-error.ts';

const SQLITE_BUSY = 5;

/** Tries for the lock once; the returned function gives it back. */
const tryLock = async (file: string): Promise<(() => void) | undefined> => {
	const { DatabaseSync } = await import('node:sqlite');
	const lock = new DatabaseSync(file, { timeout: 0 });
	try {
		lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
		return () => lock.close();
	} catch (thrown) {
		lock.close();
		if (isBusy(thrown)) return undefined;
		throw thrown;
	}
};

const isBusy = (thrown: unknown): boolean =>
	typeof thrown === 'object' &&
	thrown !== null &&
	'errcode' in thrown &&
	(Number(thrown.errcode) & 0xff) === SQLITE_BUSY;

const takeLock = async (file: string, waitMs: number): Promise<() => void> => {
	const deadline = performance.now() + waitMs;
	for (;;) {
		const unlock = await tryLock(file);
		if (unlock) return unlock;
		if (performance.now() > deadline) throw busy(file, waitMs);
		await sleep(2 + Math.random() * 10);
	}
};

const busy = (file: string, waitMs: number): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		'STORE_BUSY',
		`${file}: expected the lock within ${waitMs} ms, but another process holds it`,
		{
			hint: 'Look for another slipway that writes to this folder (or was suspended): let it end, then try again.',
		},
	);

/**
 * Runs `task` while this process alone holds the lock `file` (created when missing; its folder must exist).
 *
 * The lock is the operating system's: SQLite, which Node carries, takes it with fcntl (LockFileEx on Windows) on an
 * empty database to which nothing is ever written. The kernel gives it back when its process ends, however it ends, so
 * a SIGKILL never blocks the next writer and no lock is ever taken from somebody who may still be alive.
 * Waiting is polling: no order among those who wait.
 * @throws SlipwayError STORE_BUSY after `waitMs`, STORE_WRITE_FAILED where the file system has no locks
 */
export const withFolderLock = async <T>(file: string, waitMs: number, task: () => Promise<T>): Promise<T> => {
	const unlock = await takeLock(file, waitMs).catch((thrown) => {
		throw toStoreError('write', file, thrown);
	});
	try {
		return await task();
	} finally {
		unlock();
	}
};
