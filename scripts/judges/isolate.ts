import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

const LOOPBACK_UP = 'ip link set lo up && exec "$@"';

type Prefix = readonly [string, ...string[]];

/** As whoever started it: root of a namespace of its own where anybody may make one, else by sudo and back again. */
const toPrefixes = (): readonly Prefix[] => {
	const { uid, gid } = userInfo();
	const back = `ip link set lo up && exec setpriv --reuid=${uid} --regid=${gid} --init-groups -- "$@"`;
	return [
		['unshare', '--net', '--map-root-user', '--', 'sh', '-c', LOOPBACK_UP, 'isolated'],
		['sudo', '-n', '--preserve-env', 'unshare', '--net', '--', 'sh', '-c', back, 'isolated'],
	];
};

/** sbin is where `ip` lies, and not on everybody's PATH. */
const toEnvironment = (): NodeJS.ProcessEnv => ({
	...process.env,
	PATH: [process.env.PATH, '/usr/sbin', '/sbin'].filter(Boolean).join(':'),
});

const runWith = ([program, ...prefix]: Prefix, argv: readonly string[], stdio: 'ignore' | 'inherit') =>
	spawnSync(program, [...prefix, ...argv], { stdio, env: toEnvironment() }).status;

/**
 * Runs a program on a network that is nothing but loopback, and returns its exit code.
 * @returns undefined where this machine does not allow that
 */
export const runIsolated = (argv: readonly string[]): number | undefined => {
	const prefix = toPrefixes().find((candidate) => runWith(candidate, ['true'], 'ignore') === 0);
	return prefix && (runWith(prefix, argv, 'inherit') ?? 1);
};
