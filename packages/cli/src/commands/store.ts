import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toDoor } from '../command.ts';
import { openProject } from '../join/project.ts';
import { EXIT } from '../output/exit-code.ts';
import type { Parts } from './operations.ts';

interface SquashOptions extends GlobalOptions {
	readonly yes?: boolean;
}

export const addStore = (program: Command, { io, exit }: Parts): void => {
	const store = program.command('store').description('care for where journals and repositories lie');
	store
		.command('squash')
		.argument('[name]', '`journal` or the id of an apt target (default: all that lie in branches)')
		.description('replace the history of a branch by one commit with the same files, byte for byte')
		.option('--yes', 'act; without it nothing is changed (dry run)')
		.action((name: string | undefined, _, command: Command) =>
			runCommand(command, { io, exit, title: 'store squash' }, async () => {
				const { squashStores } = await import('../join/squash.ts');
				const { toSquashText } = await import('../output/squash-text.ts');
				const options = command.optsWithGlobals<SquashOptions>();
				const project = await openProject(toDoor(options, io));
				const squashes = await squashStores(project, { name, act: options.yes ?? false });
				const isLost = squashes.some(({ outcome }) => outcome === 'conflict');
				return {
					code: isLost ? EXIT.failed : EXIT.done,
					json: { squashes },
					text: () => toSquashText(squashes),
				};
			}),
		);
};
