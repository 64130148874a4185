import type { Command } from 'commander';
import { type GlobalOptions, parseNumber, runCommand, toDoor } from '../command.ts';
import { watchProject } from '../join/watch.ts';
import { EXIT } from '../output/exit-code.ts';
import { toWatchText } from '../output/watch-text.ts';
import type { Parts } from './operations.ts';

export const addWatch = (program: Command, { io, exit }: Parts): void => {
	program
		.command('watch')
		.description('compare everything that was released with what everybody sees now, and tell what ends soon')
		.option('--days <number>', 'tell what ends within so many days (default: 14)', parseNumber)
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'watch' }, async (context) => {
				const { days, ...options } = command.optsWithGlobals<GlobalOptions & { readonly days?: number }>();
				const report = await watchProject(toDoor(options, io), { days }, context);
				const isBad = report.findings.some(({ severity }) => severity === 'error');
				return {
					code: isBad ? EXIT.failed : EXIT.done,
					json: report,
					text: (paint) => toWatchText(report, paint),
				};
			}),
		);
};
