import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Reads lines from its standard input: `watch GROUP:SIGNAL` and `leave GROUP:SIGNAL`. When that ends, whatever is still
 * watched has to go too.
 */
const SCRIPT = `watched=
while read -r verb group; do
	rest=
	for each in $watched; do [ "$each" = "$group" ] || rest="$rest $each"; done
	watched=$rest
	[ "$verb" = leave ] || watched="$watched $group"
done
for each in $watched; do kill -s "\${each#*:}" -- "-\${each%:*}"; done`;

/** How long a watchdog with nothing to watch is kept for the next child: starting it costs as much as starting a child. */
const IDLE_MS = 1_000;

/** What the rest of a group gets when its leader or we are gone. SIGTERM: its members tidy up after themselves (lock files). */
export type LastSignal = 'SIGKILL' | 'SIGTERM';

/** A tiny process in a group of its own that waits on a pipe whose other end only we hold; there while it is needed. */
class Watchdog {
	readonly #groups = new Set<string>();
	#pipe: Socket | undefined;
	#idle: NodeJS.Timeout | undefined;

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

	#start(): void {
		const child = spawn('/bin/sh', ['-c', SCRIPT], {
			cwd: '/',
			env: {},
			stdio: ['pipe', 'ignore', 'ignore'],
			detached: true,
		});
		const pipe = child.stdin as Socket;
		// Without a watchdog (no process left to fork, or somebody ended it) children still end with us in all but the
		// SIGKILL case; the next child gets a new one, which watches the others too.
		const forget = (): void => {
			if (this.#pipe === pipe) this.#pipe = undefined;
		};
		child.on('error', forget);
		child.on('exit', forget);
		pipe.on('error', forget);
		child.unref();
		pipe.unref();
		this.#pipe = pipe;
		for (const group of this.#groups) this.#tell(`watch ${group}`);
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
