import { type Command, Option } from 'commander';
import {
	type GlobalOptions,
	type Io,
	parseNumber,
	runCommand,
	toActing,
	toDoor,
	toReportResult,
	toVersion,
} from '../command.ts';
import { continueProject, statusProject } from '../join/operations.ts';
import { releaseProject } from '../join/release.ts';
import { abortProject, restoreProject, rollbackProject } from '../join/undo.ts';
import { emergencyOptions, toEmergency } from './gate.ts';

export interface Parts {
	readonly io: Io;
	readonly exit: (code: number) => void;
}

interface OperationOptions extends GlobalOptions {
	readonly emergency?: string;
	readonly by?: string;
	readonly takeOver?: string;
	readonly wait?: number;
	readonly line?: string;
	readonly repoint?: boolean;
	readonly reason?: string;
	readonly to?: string;
	readonly yes?: boolean;
}

const takeOver = () =>
	new Option(
		'--take-over <reason>',
		"overrule another release's unfinished operation; the reason is recorded",
	);
const wait = () =>
	new Option('--wait <seconds>', 'wait for another release to end instead of stopping').argParser(
		parseNumber,
	);
const line = () =>
	new Option(
		'--line <tag>',
		'move this pointer instead of the default one (a version below the current default)',
	);
const reason = () =>
	new Option('--reason <text>', 'why; recorded, and shown to users where a registry has a place for it');
const yes = () => new Option('--yes', 'act; without it nothing is changed (dry run)');

export const addRelease = (program: Command, { io, exit }: Parts): void => {
	const release = program
		.command('release')
		.description(
			'release the built artifacts to all targets as one; builds, signs and gates first what is not yet',
		)
		.addOption(line())
		.addOption(wait())
		.addOption(takeOver());
	for (const option of emergencyOptions()) release.addOption(option);
	release.action((_, command: Command) =>
		runCommand(command, { io, exit, title: 'release' }, async (context) => {
			const options = command.optsWithGlobals<OperationOptions>();
			const request = { ...toActing(options), line: options.line, emergency: toEmergency(options) };
			return toReportResult(await releaseProject(toDoor(options, io), request, context));
		}),
	);
};

export const addContinue = (program: Command, { io, exit }: Parts): void => {
	program
		.command('continue')
		.argument('<version>', 'also as its tag: v1.2.0', toVersion)
		.description('go on with what was begun last for this version: release, abort, rollback or restore')
		.addOption(line())
		.option('--repoint', 'plan the pointers afresh because somebody else moved them')
		.addOption(wait())
		.addOption(takeOver())
		.action((version: string, _, command: Command) =>
			runCommand(command, { io, exit, title: `continue ${version}` }, async (context) => {
				const options = command.optsWithGlobals<OperationOptions>();
				const { line, repoint } = options;
				return toReportResult(
					await continueProject(
						toDoor(options, io),
						{ ...toActing(options), version, line, repoint },
						context,
					),
				);
			}),
		);
};

export const addStatus = (program: Command, { io, exit }: Parts): void => {
	program
		.command('status')
		.argument('<version>', 'also as its tag: v1.2.0', toVersion)
		.description('show target by target what is where, asked of the targets themselves')
		.action((version: string, _, command: Command) =>
			runCommand(command, { io, exit, title: `status of ${version}` }, async (context) => {
				const options = command.optsWithGlobals<OperationOptions>();
				return toReportResult(
					await statusProject(toDoor(options, io), { ...toActing(options), version }, context),
				);
			}),
		);
};

export const addAbort = (program: Command, { io, exit }: Parts): void => {
	program
		.command('abort')
		.argument('<version>', 'also as its tag: v1.2.0', toVersion)
		.description('end a release that shall not go on, while nothing of it is exposed')
		.addOption(reason())
		.addOption(takeOver())
		.action((version: string, _, command: Command) =>
			runCommand(command, { io, exit, title: `abort ${version}` }, async (context) => {
				const options = command.optsWithGlobals<OperationOptions>();
				return toReportResult(
					await abortProject(
						toDoor(options, io),
						{ ...toActing(options), version, reason: options.reason },
						context,
					),
				);
			}),
		);
};

export const addRollback = (program: Command, { io, exit }: Parts): void => {
	program
		.command('rollback')
		.argument('<version>', 'also as its tag: v1.2.0', toVersion)
		.description(
			'haul a release back at every target: pointers that still are ours go to what they were before',
		)
		.addOption(reason())
		.option('--to <version>', 'without a record of the release: the older version to go back to')
		.addOption(yes())
		.addOption(takeOver())
		.action((version: string, _, command: Command) =>
			runCommand(command, { io, exit, title: `rollback ${version}` }, async (context) => {
				const options = command.optsWithGlobals<OperationOptions>();
				const undo = {
					...toActing(options),
					version,
					reason: options.reason,
					act: options.yes ?? false,
					to: options.to,
				};
				return toReportResult(await rollbackProject(toDoor(options, io), undo, context));
			}),
		);
};

export const addRestore = (program: Command, { io, exit }: Parts): void => {
	program
		.command('restore')
		.argument('<version>', 'also as its tag: v1.2.0', toVersion)
		.description('expose again what was rolled back')
		.addOption(reason())
		.addOption(yes())
		.addOption(takeOver())
		.action((version: string, _, command: Command) =>
			runCommand(command, { io, exit, title: `restore ${version}` }, async (context) => {
				const options = command.optsWithGlobals<OperationOptions>();
				const undo = { ...toActing(options), version, reason: options.reason, act: options.yes ?? false };
				return toReportResult(await restoreProject(toDoor(options, io), undo, context));
			}),
		);
};
