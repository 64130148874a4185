import { type Command, Option } from 'commander';
import { type GlobalOptions, runCommand } from '../command.ts';
import { EXIT } from '../output/exit-code.ts';
import { toRehearsalText, toStepText } from '../output/rehearsal-text.ts';
import type { Parts } from './operations.ts';

interface RehearseOptions extends GlobalOptions {
	readonly fault?: string;
	readonly out?: string;
}

export const addRehearse = (program: Command, { io, exit }: Parts): void => {
	program
		.command('rehearse')
		.argument('[dirs...]', 'project folders (default: --project, or here)')
		.description(
			'release, roll back and restore on embedded registries; no real registry is written, no credential is read',
		)
		.addOption(
			new Option(
				'--fault <name>',
				'inject a fault from outside and show that the run ends well; an unknown name lists them',
			),
		)
		.addOption(
			new Option('--out <folder>', 'result.json and index.html go there, and everything else').default(
				'out/rehearsal',
			),
		)
		.action((dirs: string[], _, command: Command) =>
			runCommand(command, { io, exit, title: 'rehearse' }, async (context) => {
				const { rehearse } = await import('@slipway/rehearsal');
				const options = command.optsWithGlobals<RehearseOptions>();
				const projects = dirs.length > 0 ? dirs : [options.project ?? io.cwd];
				const { fault, out } = options;
				const onStep = (event: Parameters<typeof toStepText>[0]) => context.log.info(toStepText(event));
				const result = await rehearse({ projects, fault, out, environment: io.environment, onStep }, context);
				return {
					code: result.outcome === 'passed' ? EXIT.done : EXIT.failed,
					json: result,
					text: (paint) => toRehearsalText(result, out ?? 'out/rehearsal', paint),
				};
			}),
		);
};
