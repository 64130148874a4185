import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { type GlobalOptions, type Io, type Result, runCommand } from '../command.ts';
import type { InitOutcome, InitPlan, InitResult } from '../init/index.ts';
import { EXIT } from '../output/exit-code.ts';
import { toPaint } from '../output/paint.ts';
import type { Parts } from './operations.ts';

interface InitOptions extends GlobalOptions {
	readonly npm?: boolean;
	readonly apt?: boolean;
	readonly github?: boolean;
	readonly policy?: boolean;
	readonly library?: string;
	readonly runners?: readonly string[];
	readonly runner?: string;
	readonly approval?: string;
	readonly check?: boolean;
	readonly dryRun?: boolean;
	readonly yes?: boolean;
	readonly force?: readonly string[];
	readonly keep?: readonly string[];
}

const OUTCOMES: Readonly<Record<InitOutcome, readonly [number, string]>> = {
	written: [EXIT.done, 'Written.'],
	unchanged: [EXIT.done, 'Everything is up to date; nothing was written.'],
	planned: [EXIT.done, 'Nothing was written: this was a dry run.'],
	unconfirmed: [EXIT.failed, 'Nothing was written. With --yes the changes above are made.'],
	conflict: [
		EXIT.mismatch,
		'Nothing was written: the files above that init did not write, or that were edited since, stand in the way. Take over what you want of the difference by hand, then --keep FILE leaves such a file as it is, or --force FILE overwrites it.',
	],
};

const toCode = ({ outcome }: InitResult, isCheck: boolean): number =>
	isCheck && outcome !== 'unchanged' ? EXIT.failed : OUTCOMES[outcome][0];

const toResult = async (result: InitResult, isCheck: boolean): Promise<Result> => {
	const { toInitText, toInitJson } = await import('../init/index.ts');
	return {
		code: toCode(result, isCheck),
		json: toInitJson(result),
		text: (paint) => toInitText(result.plan, OUTCOMES[result.outcome][1], paint),
	};
};

/** Shows the changes and asks on a terminal; undefined where nobody sits at one. */
const toConfirm = (io: Io, { json }: InitOptions) => {
	if (json || io.stdout.isTTY !== true || process.stdin.isTTY !== true || io.environment.CI) return undefined;
	return async (plan: InitPlan): Promise<boolean> => {
		const { toInitText } = await import('../init/index.ts');
		const paint = toPaint(io.stdout, io.environment);
		io.stdout.write(`${toInitText(plan, 'Files that init wrote before change as shown.', paint)}\n`);
		const terminal = createInterface({ input: process.stdin, output: io.stdout });
		try {
			return /^y(?:es)?$/i.test((await terminal.question('Write them? [y/N] ')).trim());
		} finally {
			terminal.close();
		}
	};
};

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const run = async (command: Command, { io, exit }: Parts): Promise<void> =>
	runCommand(command, { io, exit, title: 'init' }, async () => {
		const { initProject, parseLibrary } = await import('../init/index.ts');
		const options = command.optsWithGlobals<InitOptions>();
		const { npm, apt, github, policy, runners, runner, approval, check = false } = options;
		const result = await initProject({
			folder: options.project ?? io.cwd,
			environment: io.environment,
			targets: { npm, apt, github },
			library: options.library === undefined ? undefined : parseLibrary(options.library),
			...{ policy, runners, runner, approval },
			force: options.force ?? [],
			keep: options.keep ?? [],
			dryRun: check || options.dryRun === true,
			yes: options.yes === true,
			confirm: toConfirm(io, options),
		});
		return toResult(result, check);
	});

export const addInit = (program: Command, parts: Parts): void => {
	program
		.command('init')
		.description('write slipway.yml and the workflows of this project; run again, bring them up to date')
		.option('--npm', 'release to npm (default: where there is a public package)')
		.option('--no-npm')
		.option('--apt', 'release Debian packages to an apt repository of your own')
		.option('--no-apt')
		.option('--github', 'make a release on GitHub (default)')
		.option('--no-github')
		.option('--policy', 'also write slipway.policy.yml: who may sign')
		.option('--runners <labels...>', 'runners that build and test; the Releases of all are joined')
		.option('--runner <label>', 'runner of every other job')
		.option('--approval <environment>', 'people approve there before anything is visible')
		.option('--library <pin>', 'OWNER/REPO@COMMIT#vX.Y.Z of Slipway (default: where this command comes from)')
		.option('--check', 'write nothing; exit 1 when something would change')
		.option('--dry-run', 'write nothing; show what would change')
		.option('--yes', 'change files that init wrote earlier without asking')
		.option('--force <file>', 'overwrite this file whatever it holds (again for more)', collect)
		.option('--keep <file>', 'leave this file as it is from now on (again for more)', collect)
		.action((_, command: Command) => run(command, parts));
};
