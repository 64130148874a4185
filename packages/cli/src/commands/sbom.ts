import { type Command, Option } from 'commander';
import { type GlobalOptions, type Result, runCommand, toDoor } from '../command.ts';
import type { Parts } from './operations.ts';

interface SbomOptions extends GlobalOptions {
	readonly format: 'cyclonedx' | 'spdx';
	readonly out?: string;
	readonly omit?: 'dev';
	readonly packuments?: boolean;
}

export const addSbom = (program: Command, { io, exit }: Parts): void => {
	program
		.command('sbom')
		.argument('[source]', 'a project folder or a lockfile; default: the artifacts of the built Release')
		.description('list what is inside: CycloneDX and SPDX, with a score and what is missing')
		.addOption(
			new Option('--format <format>', 'of a source').choices(['cyclonedx', 'spdx']).default('cyclonedx'),
		)
		.option('--out <file>', 'where the SBOM of a source goes; default: standard output')
		.addOption(new Option('--omit <kind>', 'leave out what only development needs').choices(['dev']))
		.option(
			'--packuments',
			'of a source: ask the registry for suppliers and licences that no manifest here states',
		)
		.action((source: string | undefined, _, command: Command) =>
			runCommand(command, { io, exit, title: 'sbom' }, async (context): Promise<Result> => {
				const options = command.optsWithGlobals<SbomOptions>();
				const door = toDoor(options, io);
				if (source === undefined) {
					const { sbomRelease } = await import('./sbom-release.ts');
					return sbomRelease(door, context);
				}
				const { sbomSource } = await import('./sbom-source.ts');
				return sbomSource({ ...options, source, door, cwd: io.cwd }, context);
			}),
		);
};
