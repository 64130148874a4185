import type { Command } from 'commander';
import { type GlobalOptions, runCommand, toDoor } from '../command.ts';
import { EXIT } from '../output/exit-code.ts';
import type { Parts } from './operations.ts';

export const addDoctor = (program: Command, { io, exit }: Parts): void => {
	program
		.command('doctor')
		.description(
			'look at every credential, permission and setting that a release and its rollback need; changes nothing',
		)
		.action((_, command: Command) =>
			runCommand(command, { io, exit, title: 'doctor' }, async (context) => {
				const { diagnose } = await import('../doctor/doctor.ts');
				const { toDoctorText } = await import('../output/doctor-text.ts');
				const diagnosis = await diagnose(toDoor(command.optsWithGlobals<GlobalOptions>(), io), context);
				const isBad = diagnosis.observations.some(({ verdict }) => verdict === 'error');
				return {
					code: isBad ? EXIT.failed : EXIT.done,
					json: diagnosis,
					text: (paint) => toDoctorText(diagnosis, paint),
				};
			}),
		);
};
