import { type Log, toPrintable } from '@slipway/core';
import { Listr } from 'listr2';
import type { Paint } from './paint.ts';

export interface ProgressOptions {
	readonly quiet: boolean;
	readonly verbose: boolean;
	/** A person looks: lines may be redrawn. */
	readonly live: boolean;
	readonly paint: Paint;
	readonly write: (text: string) => void;
}

const toLineLog = ({ quiet, verbose, paint, write }: ProgressOptions): Log => ({
	debug: (message) => void (verbose && write(`${paint('faint', toPrintable(message))}\n`)),
	info: (message) => void (quiet || write(`${toPrintable(message)}\n`)),
	warning: (message) => void write(`${paint('warn', 'warning')} ${toPrintable(message)}\n`),
});

/**
 * Runs a task and shows its log: a redrawn list on a terminal, one line each elsewhere, warnings only when quiet.
 * Everything goes to standard error; standard output is for results.
 */
export const withProgress = async <T>(
	title: string,
	options: ProgressOptions,
	task: (log: Log) => Promise<T>,
): Promise<T> => {
	if (options.quiet || !options.live) return task(toLineLog(options));
	const results: T[] = [];
	const list = new Listr(
		[
			{
				title,
				task: async (_, item) => {
					const show = (message: string) => {
						item.output = toPrintable(message, 300);
					};
					results.push(
						await task({
							debug: () => undefined,
							info: show,
							warning: (message) => show(`warning: ${message}`),
						}),
					);
				},
				rendererOptions: { outputBar: 4, persistentOutput: false },
			},
		],
		{ registerSignalListeners: false, rendererOptions: { showErrorMessage: false, collapseErrors: false } },
	);
	await list.run();
	return results[0] as T;
};
