import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toActing, toDoor, toReportResult } from '../command.ts';
import { verifyProject } from '../join/operations.ts';
import type { Parts } from './operations.ts';

export const addVerify = (program: Command, { io, exit }: Parts): void => {
	program
		.command('verify')
		.argument('[version]', "default: the project's present version")
		.description(
			'look at every target as a consumer does: the default resolves to this release, the bytes are the planned ones',
		)
		.action((version: string | undefined, _, command: Command) =>
			runCommand(command, { io, exit, title: 'verify' }, async (context) => {
				const options = command.optsWithGlobals<GlobalOptions>();
				return toReportResult(
					await verifyProject(toDoor(options, io), { ...toActing({}), version }, context),
				);
			}),
		);
};
