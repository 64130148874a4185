import { readRelease } from '@slipway/archive';
import { SlipwayError, toMarkdownText } from '@slipway/core';
import { type Inputs, type Place, type Runner, receiveArtifact, requireNewest } from '@slipway/runner';
import type { OpenProject } from 'slipway/join';
import type { declaration } from './declaration.ts';

type ReproduceInputs = Inputs<typeof declaration>;

export type ReproduceCode = 'BUILD_NOT_REPRODUCIBLE';

/** The project with the Release that this job proves: of the build job, or one that lies here. */
const open = async ({ part }: ReproduceInputs, place: Place, runner: Runner): Promise<OpenProject> => {
	const { openProject } = await import('slipway/join');
	if (part === undefined) return openProject(place);
	const releaseFolder = await receiveArtifact(await requireNewest(part, runner), runner);
	return openProject({ ...place, releaseFolder });
};

const refused = (): SlipwayError =>
	new SlipwayError<ReproduceCode>(
		'BUILD_NOT_REPRODUCIBLE',
		'expected the second build to give the same bytes, got others; the summary names what differs',
		{ hint: 'Run `slipway reproduce` in the project: it names the files, members and offsets that differ.' },
	);

/** What differs, in full, for the summary. */
const toMarkdown = (text: string): string =>
	`### Second build\n\n${text
		.split('\n')
		.map((line) => (line === '' ? '' : `    ${toMarkdownText(line)}`))
		.join('\n')}\n`;

/**
 * Tests the artifacts of a built Release, builds a second time in a varied environment, compares byte for byte, and adds the
 * records of both. A difference is handed back, so that the summary that explains it is there first.
 */
export const prove = async (inputs: ReproduceInputs, place: Place, runner: Runner) => {
	const { reproduceProject, testProject } = await import('slipway/join');
	const project = await open(inputs, place, runner);
	const release = await readRelease(project.releaseFolder);
	if (inputs.test) await testProject(project, release, runner.context);
	const { identical, text } = await reproduceProject(project, runner.context);
	return {
		proved: { version: project.version, release: release.folder, reproducible: String(identical) },
		markdown: toMarkdown(text),
		refusal: identical ? undefined : refused(),
	};
};
