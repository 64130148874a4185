import { stat } from 'node:fs/promises';
import { readRelease } from '@slipway/archive';
import { type Command, Option } from 'commander';
import { type GlobalOptions, type Result, runCommand, toDoor } from '../command.ts';
import { signRecordsHere } from '../join/claim.ts';
import { type EmergencyRequest, gateProject } from '../join/gate.ts';
import { openProject } from '../join/project.ts';
import { EXIT } from '../output/exit-code.ts';
import { toGateText } from '../output/gate-text.ts';
import type { Parts } from './operations.ts';

interface GateCommandOptions extends GlobalOptions {
	readonly emergency?: string;
	readonly by?: string;
	readonly policy?: string;
}

/** One without the other is passed on: the gates refuse it and say why. */
export const toEmergency = ({ emergency, by }: GateCommandOptions): EmergencyRequest | undefined =>
	emergency === undefined && by === undefined ? undefined : { reason: emergency ?? '', by: by ?? '' };

/** Options of an emergency, for each command that runs gates. */
export const emergencyOptions = (): Option[] => [
	new Option(
		'--emergency <reason>',
		'release although gates fail: recorded and signed; never skips digests, signatures or what the bytes are',
	),
	new Option('--by <who>', 'who declares the emergency'),
];

const check = async (command: Command, { io, exit }: Parts): Promise<void> =>
	runCommand(command, { io, exit, title: 'gate' }, async (context) => {
		const options = command.optsWithGlobals<GateCommandOptions>();
		const project = await openProject(toDoor(options, io));
		const release = await readRelease(project.releaseFolder);
		const request = { emergency: toEmergency(options), policyFile: options.policy, again: true };
		const { report } = await gateProject(project, release, request, context);
		if (project.config.sign && report.overall !== 'fail') await signRecordsHere(project, release, context);
		return {
			code: report.overall === 'fail' ? EXIT.failed : EXIT.done,
			json: report,
			text: (paint) => toGateText(report, release.folder, paint),
		};
	});

const toIndexResult = async (dump: string, out: string): Promise<Result> => {
	const { writeOsvIndex } = await import('@slipway/gate');
	const { snapshot, header } = await writeOsvIndex(dump, out);
	const { size } = await stat(out);
	const { read, withdrawn, unreadable } = header.records;
	const held = Object.entries(header.ecosystems).map(
		([name, { entries, newest }]) => `  ${name}: ${entries} entries, the newest of ${newest}`,
	);
	return {
		code: EXIT.done,
		json: { snapshot, file: out, size, ...header },
		text: () =>
			[
				`indexed ${read} records (${withdrawn} withdrawn, ${unreadable} unreadable) into ${out}, ${size} bytes`,
				...held,
				`  snapshot sha256 ${snapshot}`,
			].join('\n'),
	};
};

const addIndex = (gate: Command, { io, exit }: Parts): void => {
	gate
		.command('index')
		.argument('<dump>', "all.zip of OSV's data export, or a folder with such files or with records")
		.requiredOption('--out <file>', 'where the index goes; name it as gates.vulnerabilities.database')
		.description('index a dump of OSV records once, to look up vulnerabilities and malware without a network')
		.action((dump: string, { out }: { readonly out: string }, command: Command) =>
			runCommand(command, { io, exit, title: 'gate index' }, () => toIndexResult(dump, out)),
		);
};

export const addGate = (program: Command, parts: Parts): void => {
	const gate = program
		.command('gate')
		.description(
			'look at the Release before it leaves: vulnerabilities, malware, licences, secrets, what changed',
		)
		.option('--policy <file>', 'a policy named by hand instead of the one on the protected branch')
		.action((_, command: Command) => check(command, parts));
	for (const option of emergencyOptions()) gate.addOption(option);
	addIndex(gate, parts);
};
