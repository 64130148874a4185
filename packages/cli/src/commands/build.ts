import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toDoor } from '../command.ts';
import { buildProject, joinProjects, reproduceProject } from '../join/build.ts';
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

export const addReproduce = (program: Command, { io, exit }: Parts): void => {
	program
		.command('reproduce')
		.description(
			'build a second time in a varied environment and compare byte for byte with the Release folder',
		)
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'reproduce' }, async (context) => {
				const options = command.optsWithGlobals<GlobalOptions>();
				const reproduction = await reproduceProject(await openProject(toDoor(options, io)), context);
				return {
					code: reproduction.identical ? EXIT.done : EXIT.mismatch,
					json: reproduction,
					text: () => reproduction.text,
				};
			}),
		);
};

export const addJoin = (program: Command, { io, exit }: Parts): void => {
	program
		.command('join')
		.argument('<folders...>')
		.description('join the Release folders of several runners into one (--release names the result)')
		.action((folders: string[], _, command: Command) =>
			runCommand(command, { io, exit, title: 'join' }, async () => {
				const options = command.optsWithGlobals<GlobalOptions>();
				const joined = await joinProjects(await openProject(toDoor(options, io)), folders);
				return { code: EXIT.done, json: joined, text: () => toBuildText(joined) };
			}),
		);
};
