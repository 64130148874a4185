import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPlanMarkdown } from '@slipway/report';
import { type Inputs, type Place, type Runner, uploadArtifact } from '@slipway/runner';
import { openAnswers } from './answers.ts';
import type { declaration } from './declaration.ts';

type PlanInputs = Inputs<typeof declaration>;

/** Of a summary GitHub takes 1 MiB; a character has at most 4 bytes. */
const MAX_SUMMARY_LENGTH = 250_000;

/** A file that later steps of the job find: not in the project's folder, which the code of a stranger may have laid out. */
const writeComment = async (markdown: string, { environment }: Runner): Promise<string> => {
	const folder = await mkdtemp(join(environment.RUNNER_TEMP || tmpdir(), 'slipway-plan-'));
	const path = join(folder, 'plan.md');
	await writeFile(path, markdown, { flag: 'wx' });
	return path;
};

const send = async (
	name: string | undefined,
	markdown: string,
	runner: Runner,
): Promise<string | undefined> => {
	if (name === undefined) return undefined;
	return (await uploadArtifact(name, Buffer.from(markdown), runner)).sha256;
};

/** Previews the release for a pull request. What would refuse it is handed back, so that people can read the page first. */
export const preview = async (inputs: PlanInputs, place: Place, runner: Runner) => {
	const { previewProject } = await import('slipway/join');
	const answers = await openAnswers(inputs.cache, runner);
	const door = { ...place, answers };
	const { preview: seen, refusal } = await previewProject(door, { proposal: true }, runner.context);
	const comment = toPlanMarkdown(seen);
	const artifact = inputs['comment-artifact'];
	return {
		outputs: {
			version: seen.version,
			verdict: seen.verdict,
			markdown: await writeComment(comment, runner),
			artifact,
			'artifact-digest': await send(artifact, comment, runner),
		},
		markdown: `${toPlanMarkdown(seen, MAX_SUMMARY_LENGTH)}${answers ? `\n${answers.toMarkdown()}\n` : ''}`,
		refusal,
	};
};
