import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toDoor } from '../command.ts';
import { buildProject } from '../join/build.ts';
import { openProject } from '../join/project.ts';
import { toBuildText } from '../output/build-text.ts';
import { EXIT } from '../output/exit-code.ts';
import type { Parts } from './operations.ts';

export const addBuild = (program: Command, { io, exit }: Parts): void => {
	program
		.command('build')
		.description(
			'build once, test the built artifacts in a clean folder, hash them, write the Release folder',
		)
		.option('--no-test', 'leave out the `test:` commands')
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'build' }, async (context) => {
				const options = command.optsWithGlobals<GlobalOptions & { readonly test: boolean }>();
				const built = await buildProject(await openProject(toDoor(options, io)), context, {
					test: options.test,
				});
				return { code: EXIT.done, json: built, text: () => toBuildText(built) };
			}),
		);
};
