import { randomUUID } from 'node:crypto';
import type { Context, SlipwayError } from '@slipway/core';
import type { ActionDeclaration, Environment, Inputs, Outputs } from './declaration.ts';
import { type Failure, toErrorCommand, toFailure, toReportFailure } from './failure.ts';
import { listSecrets, toMaskCommands } from './mask.ts';
import { writeOutputs } from './output.ts';
import { readInputs } from './read-inputs.ts';
import { withRunnerContext } from './runner-context.ts';
import { toRunnerLog } from './runner-log.ts';
import { writeMarkdown, writeSummary } from './summary.ts';
import type { SummaryReport } from './summary-markdown.ts';
import { toProtectionWarning, verifyTrigger } from './trigger.ts';

/** What the runner lends to an action. */
export interface Runner {
	readonly context: Context;
	readonly environment: Environment;
	/** Absolute path of the checked-out repository. */
	readonly workspace: string;
	/** Keeps a secret that was made on the way out of the log. */
	readonly maskSecret: (secret: string) => void;
	/** Who acts, as the journal records it: one attempt of one run, whose steps and jobs belong together. */
	readonly run: { readonly key: string; readonly actor: string };
}

/** What an action gives back. A report whose end state is not the one it was started for fails the step. */
export interface ActionResult<D extends ActionDeclaration> {
	readonly outputs: Outputs<D>;
	readonly report?: SummaryReport | undefined;
	/** Markdown of a report of another kind, for the summary of the step; everything foreign in it escaped. */
	readonly markdown?: string | undefined;
	/** Fails the step after its outputs were set, so that later steps find what explains it. */
	readonly refusal?: SlipwayError | undefined;
}

type Task<D extends ActionDeclaration> = (inputs: Inputs<D>, runner: Runner) => Promise<ActionResult<D>>;

const toRun = ({
	GITHUB_REPOSITORY,
	GITHUB_RUN_ID,
	GITHUB_RUN_ATTEMPT,
	GITHUB_ACTOR,
}: Environment): Runner['run'] => ({
	key: GITHUB_RUN_ID ? `${GITHUB_REPOSITORY}/${GITHUB_RUN_ID}/${GITHUB_RUN_ATTEMPT ?? 1}` : randomUUID(),
	actor: GITHUB_ACTOR ?? 'unknown',
});

const print = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

const maskSecret = (secret: string): void => toMaskCommands(secret).forEach(print);

const runTask = async <const D extends ActionDeclaration>(
	declaration: D,
	task: Task<D>,
	environment: Environment,
): Promise<Failure | undefined> => {
	const inputs = readInputs(declaration, environment);
	const log = toRunnerLog(print);
	if (declaration.releases) {
		await verifyTrigger(environment);
		const warning = toProtectionWarning(environment);
		if (warning) log.warning(warning);
	}
	const workspace = environment.GITHUB_WORKSPACE || process.cwd();
	return await withRunnerContext({ log, environment }, async (context) => {
		const run = toRun(environment);
		const { outputs, report, markdown, refusal } = await task(inputs, {
			context,
			environment,
			workspace,
			maskSecret,
			run,
		});
		await writeOutputs(outputs, environment);
		if (markdown !== undefined) await writeMarkdown(markdown, environment);
		if (refusal) throw refusal;
		if (!report) return undefined;
		await writeSummary(report, environment);
		return toReportFailure(report, declaration.leaves ?? false);
	});
};

/**
 * The body of an action's main.ts: masks secrets before anything is printed, reads the inputs, runs the task, sets
 * outputs and summary. Whatever fails becomes one annotation (code, message, what to do now) and exit code 1.
 */
export const runAction = async <const D extends ActionDeclaration>(
	declaration: D,
	task: Task<D>,
	environment: Environment = process.env,
): Promise<void> => {
	listSecrets(declaration, environment).forEach(maskSecret);
	const failure = await runTask(declaration, task, environment).catch(toFailure);
	if (!failure) return;
	print(toErrorCommand(failure));
	process.exitCode = 1;
};
