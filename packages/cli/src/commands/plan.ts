import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toActing, toDoor } from '../command.ts';
import { planProject } from '../join/release.ts';
import { EXIT } from '../output/exit-code.ts';
import { toPreviewText } from '../output/preview-text.ts';
import type { Parts } from './operations.ts';

export const addPlan = (program: Command, { io, exit }: Parts): void => {
	program
		.command('plan')
		.description('show what a release would do, target by target; changes nothing')
		.option('--line <tag>', 'move this pointer instead of the default one')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'plan' }, async (context) => {
				const options = command.optsWithGlobals<GlobalOptions & { readonly line?: string }>();
				const preview = await planProject(
					toDoor(options, io),
					{ ...toActing({}), line: options.line },
					context,
				);
				return {
					code: preview.plan ? EXIT.done : EXIT.failed,
					json: preview,
					text: (paint) => toPreviewText(preview, paint),
				};
			}),
		);
};
