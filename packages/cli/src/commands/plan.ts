import type { Command } from 'commander';
import { type GlobalOptions, type Result, runCommand, toDoor } from '../command.ts';
import { previewProject } from '../join/preview.ts';
import { EXIT } from '../output/exit-code.ts';
import { toPreviewText } from '../output/preview-text.ts';
import type { Parts } from './operations.ts';

interface PlanOptions extends GlobalOptions {
	readonly line?: string;
	readonly markdown?: boolean;
	readonly proposal?: boolean;
}

export const addPlan = (program: Command, { io, exit }: Parts): void => {
	program
		.command('plan')
		.description('show what a release would do, target by target; changes nothing')
		.option('--line <tag>', 'move this pointer instead of the default one')
		.option('--markdown', 'print Markdown, as a pull request shows it')
		.option(
			'--proposal',
			'as for a pull request: without credentials; a version that is out already is a warning',
		)
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'plan' }, async (context): Promise<Result> => {
				const { line, markdown, proposal, ...options } = command.optsWithGlobals<PlanOptions>();
				const { preview, refusal } = await previewProject(toDoor(options, io), { line, proposal }, context);
				const { toPlanMarkdown } = await import('@slipway/report');
				return {
					code: refusal ? EXIT.failed : EXIT.done,
					json: preview,
					text: (paint) => (markdown ? toPlanMarkdown(preview).trimEnd() : toPreviewText(preview, paint)),
				};
			}),
		);
};
