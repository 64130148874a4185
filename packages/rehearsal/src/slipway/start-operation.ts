import { type Finished, spawnService } from '@slipway/process';
import type { ReleaseReport } from '@slipway/release';
import { isReport, type Slipway, toArgv, toJson } from './slipway.ts';

/** A running operation that can be killed from outside. `report` is undefined where it was, or where it refused. */
export interface RunningOperation {
	kill(): void;
	readonly ended: Promise<{ readonly finished: Finished; readonly report: ReleaseReport | undefined }>;
}

/** Where an operation is to be stopped for good, so that it can be killed there and nowhere else. */
export interface Hold {
	/** Before the process renames a file to this name. */
	readonly fileName: string;
	readonly onHeld: () => void;
}

const UP = 'slipway-process-is-up';
const HELD = 'slipway-process-is-held';

/**
 * What Node loads into the process before the command: it says that the process can be killed, and, as a debugger's
 * breakpoint would, keeps one rename from ever happening. The command itself is the one that users run.
 */
const toPreload = (hold: Hold | undefined): string => {
	const up = `process.stderr.write('${UP}\\n');`;
	const breakpoint = `
		import { promises } from 'node:fs';
		import { syncBuiltinESMExports } from 'node:module';
		import { basename } from 'node:path';
		const { rename } = promises;
		promises.rename = async (from, to) => {
			if (basename(String(to)) !== ${JSON.stringify(hold?.fileName)}) return rename(from, to);
			process.stderr.write('${HELD}\\n');
			return new Promise(() => setInterval(() => undefined, 60_000));
		};
		syncBuiltinESMExports();`;
	return `data:text/javascript,${encodeURIComponent(hold === undefined ? up : breakpoint + up)}`;
};

/** Starts an operation of the transaction for a fault to hit. */
export const startOperation = async (
	slipway: Slipway,
	args: readonly string[],
	hold?: Hold,
): Promise<RunningOperation> => {
	const { project: cwd, environment, signal } = slipway;
	const [program, ...rest] = toArgv(slipway, args);
	const service = await spawnService([program, '--import', toPreload(hold), ...rest], {
		cwd,
		environment,
		signal,
		ready: (line) => line.includes(UP) || undefined,
		onLine: (line) => {
			if (line.includes(HELD)) hold?.onHeld();
		},
	});
	return {
		kill: () => {
			process.kill(service.pid, 'SIGKILL');
		},
		ended: service.ended.then((finished) => {
			const json = toJson(finished);
			return { finished, report: isReport(json) ? json : undefined };
		}),
	};
};
