import { Command } from 'commander';
import { ONE_COMMAND } from './one-command.ts';

const { env: environment, stdout, stderr } = process;
const parts = { io: { environment, cwd: process.cwd(), stdout, stderr }, exit: () => undefined };

test.each(Object.entries(ONE_COMMAND))('%s is the command of that name', async (name, load) => {
	const program = new Command();
	(await load())(program, parts);
	expect(program.commands.map((command) => command.name())).toEqual([name]);
});

test('every command of the program can be loaded alone', async () => {
	const { COMMANDS } = await import('./program.ts');
	const program = new Command();
	for (const add of COMMANDS) add(program, parts);
	expect(program.commands.map((command) => command.name()).sort()).toEqual(Object.keys(ONE_COMMAND).sort());
});
