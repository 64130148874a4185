import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Reads one line from its standard input; when that ends without one, we are gone and the group has to go too. */
const SCRIPT = 'read -r line || kill -s "$2" -- "-$1"';

/** What the rest of a group gets when its leader or we are gone. SIGTERM: its members tidy up after themselves (lock files). */
export type LastSignal = 'SIGKILL' | 'SIGTERM';

/**
 * Ends a child's process group when this process ends without having said so, by a SIGKILL too: a tiny process of its
 * own group waits on a pipe whose other end only we hold. Windows needs none: children share our job object.
 * @returns releases the watch; to be called when the group has ended
 */
export const watchGroup = (groupId: number, signal: LastSignal = 'SIGKILL'): (() => void) => {
	if (process.platform === 'win32') return () => {};
	const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', String(groupId), signal.slice(3)], {
		cwd: '/',
		env: {},
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true,
	});
	// Without a watchdog (no process left to fork) the child still ends with us in all but the SIGKILL case.
	watchdog.on('error', () => {});
	watchdog.unref();
	const pipe = watchdog.stdin as Socket | null;
	pipe?.on('error', () => {});
	pipe?.unref();
	return () => {
		pipe?.end('ended\n');
	};
};
