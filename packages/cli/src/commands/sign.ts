import { readRelease } from '@slipway/archive';
import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toDoor } from '../command.ts';
import { openProject } from '../join/project.ts';
import { signProject } from '../join/sign.ts';
import { EXIT } from '../output/exit-code.ts';
import { toSigningText } from '../output/signing-text.ts';
import type { Parts } from './operations.ts';

export const addSign = (program: Command, { io, exit }: Parts): void => {
	program
		.command('sign')
		.description(
			'sign the Release: provenance, SBOMs, SHA256SUMS and the record of each stage; run again it signs only what is missing',
		)
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'sign' }, async (context) => {
				const project = await openProject(toDoor(command.optsWithGlobals<GlobalOptions>(), io));
				const signing = await signProject(project, await readRelease(project.releaseFolder), context);
				return {
					code: signing ? EXIT.done : EXIT.failed,
					json: signing ?? { signed: null },
					text: () => toSigningText(signing),
				};
			}),
		);
};
