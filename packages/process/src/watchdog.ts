import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Reads lines from its standard input: `watch GROUP:SIGNAL` and `leave GROUP:SIGNAL`. When that ends, whatever is still
 * watched has to go too.
 */
export const WATCHDOG_SCRIPT = `watched=
while read -r verb group; do
	rest=
	for each in $watched; do [ "$each" = "$group" ] || rest="$rest $each"; done
	watched=$rest
	[ "$verb" = leave ] || watched="$watched $group"
done
for each in $watched; do kill -s "\${each#*:}" -- "-\${each%:*}"; done`;

/** How long a watchdog with nothing to watch is kept for the next child: starting it costs as much as starting a child. */
const IDLE_MS = 1_000;

/** So many watchdogs that ended on their own are replaced at once. */
const MOST_LOST = 3;

/** What the rest of a group gets when its leader or we are gone. SIGTERM: its members tidy up after themselves (lock files). */
export type LastSignal = 'SIGKILL' | 'SIGTERM';

const trySpawn = (): ChildProcess | undefined => {
	try {
		return spawn('/bin/sh', ['-c', WATCHDOG_SCRIPT], {
			cwd: '/',
			env: {},
			stdio: ['pipe', 'ignore', 'ignore'],
			detached: true,
		});
	} catch {
		return undefined;
	}
};

/** A tiny process in a group of its own that waits on a pipe whose other end only we hold; there while it is needed. */
class Watchdog {
	readonly #groups = new Set<string>();
	#pipe: Socket | undefined;
	#idle: NodeJS.Timeout | undefined;
	#lost = 0;

	watch(group: string): void {
		clearTimeout(this.#idle);
		this.#groups.add(group);
		if (this.#pipe) this.#tell(`watch ${group}`);
		else this.#start();
	}

	leave(group: string): void {
		if (!this.#groups.delete(group)) return;
		this.#tell(`leave ${group}`);
		if (this.#groups.size > 0) return;
		this.#idle = setTimeout(() => this.#end(), IDLE_MS);
		this.#idle.unref();
	}

	#tell(line: string): void {
		this.#pipe?.write(`${line}\n`);
	}

	/** Without a watchdog (no process or file left to open) children still end with us in all but the SIGKILL case. */
	#start(): void {
		const child = trySpawn();
		const pipe = child?.stdin as Socket | null | undefined;
		child?.on('error', () => {});
		if (!child || !pipe) return;
		pipe.on('error', () => {}); // it has gone, as `exit` tells
		child.once('exit', () => this.#replace(pipe));
		child.unref();
		pipe.unref();
		this.#pipe = pipe;
		for (const group of this.#groups) this.#tell(`watch ${group}`);
	}

	/** One that somebody ended leaves nobody unwatched; where none lives, that is how it is. */
	#replace(pipe: Socket): void {
		if (this.#pipe !== pipe) return;
		this.#pipe = undefined;
		this.#lost += 1;
		if (this.#groups.size > 0 && this.#lost <= MOST_LOST) this.#start();
	}

	#end(): void {
		this.#pipe?.end();
		this.#pipe = undefined;
	}
}

const watchdog = new Watchdog();

/**
 * Ends a child's process group when this process ends without having said so, by a SIGKILL too. Windows needs no watch:
 * children share our job object.
 * @returns releases the watch; to be called when the group has ended
 */
export const watchGroup = (groupId: number, signal: LastSignal = 'SIGKILL'): (() => void) => {
	if (process.platform === 'win32') return () => {};
	const group = `${groupId}:${signal.slice(3)}`;
	watchdog.watch(group);
	return () => watchdog.leave(group);
};
