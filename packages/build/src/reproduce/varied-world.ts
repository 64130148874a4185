import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Argv, findExecutable } from '@slipway/process';
import type { Environment } from '../environment.ts';

/** Another world for the same commands. */
export interface VariedWorld {
	readonly environment: Environment;
	readonly wrap: (argv: Argv) => Argv;
	/** What differs from the first build, for people. */
	readonly varied: readonly string[];
	/** What could not be varied on this machine, and why. */
	readonly kept: readonly string[];
}

interface Layer {
	readonly prefix: readonly string[];
	readonly note: string;
	readonly kept?: boolean;
}

/** A fixed script: what is run are its arguments, as they are. */
const UMASK_SCRIPT = 'umask "$0" && exec "$@"';
const CLOCK_OFFSET_DAYS = 401;

const toUmaskLayer = (): Layer => {
	if (process.platform === 'win32') return { prefix: [], note: 'umask: Windows has none', kept: true };
	const umask = process.umask() === 0o027 ? '0077' : '0027';
	return { prefix: ['/bin/sh', '-c', UMASK_SCRIPT, umask], note: `umask ${umask}` };
};

/** The first processor that this process may use (proc(5), Cpus_allowed_list). */
const findProcessor = (): string | undefined => {
	try {
		return /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
	} catch {
		return undefined;
	}
};

const toProcessorLayer = (path: string | undefined): Layer => {
	const taskset = findExecutable('taskset', path);
	const processor = findProcessor();
	const count = availableParallelism();
	if (count < 2) return { prefix: [], note: 'processors: there is only one', kept: true };
	if (!taskset || !processor) return { prefix: [], note: 'processors: taskset is not there', kept: true };
	return { prefix: [taskset, '--cpu-list', processor], note: `1 processor instead of ${count}` };
};

const toClockLayer = (path: string | undefined): Layer => {
	const faketime = findExecutable('faketime', path);
	return faketime
		? { prefix: [faketime, '-f', `+${CLOCK_OFFSET_DAYS}d`], note: `clock ${CLOCK_OFFSET_DAYS} days ahead` }
		: { prefix: [], note: 'clock: faketime is not installed', kept: true };
};

/** Tools and their configuration below the home folder, named so that an empty home does not take them away. */
const HOME_PLACES: readonly (readonly [variable: string, place: string])[] = [
	['CARGO_HOME', '.cargo'],
	['RUSTUP_HOME', '.rustup'],
	['GOPATH', 'go'],
	['PYENV_ROOT', '.pyenv'],
	['VOLTA_HOME', '.volta'],
	['npm_config_userconfig', '.npmrc'],
	['npm_config_cache', '.npm'],
];

const toHomePlaces = ({ HOME: home }: Environment): Environment =>
	Object.fromEntries(
		HOME_PLACES.map(([variable, place]) => [variable, join(home ?? '/', place)] as const).filter(
			([, place]) => home !== undefined && existsSync(place),
		),
	);

/**
 * Another locale, time zone, home, user name, umask, processor count and (where faketime is installed) clock.
 * @param first environment of the first build's commands
 * @param home made here, empty
 */
export const toVariedWorld = async (first: Environment, home: string): Promise<VariedWorld> => {
	await mkdir(home, { recursive: true });
	const path = first.PATH ?? first.Path;
	const layers = [toUmaskLayer(), toProcessorLayer(path), toClockLayer(path)];
	const changes = {
		HOME: home,
		LANG: 'tr_TR.UTF-8',
		LC_ALL: 'tr_TR.UTF-8',
		TZ: 'Pacific/Kiritimati',
		USER: 'second-builder',
		LOGNAME: 'second-builder',
		TERM: 'vt100',
		CAPTURE_ENVIRONMENT: 'an artifact that holds this text has captured the environment',
	};
	const prefix = layers.flatMap((layer) => layer.prefix);
	return {
		environment: { ...toHomePlaces(first), ...first, ...changes },
		wrap: (argv) => [...prefix, ...argv] as unknown as Argv,
		varied: [
			'locale tr_TR.UTF-8',
			'time zone Pacific/Kiritimati (UTC+14)',
			'home, user name and one variable more',
			...layers.filter(({ kept }) => !kept).map(({ note }) => note),
		],
		kept: layers.filter(({ kept }) => kept).map(({ note }) => note),
	};
};
