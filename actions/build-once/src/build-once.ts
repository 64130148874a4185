import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { Inputs, Place, Runner } from '@slipway/runner';
import type { OpenProject } from 'slipway/join';
import type { declaration } from './declaration.ts';
import { joinLegs } from './join-legs.ts';

type BuildInputs = Inputs<typeof declaration>;

export type BuildOnceCode = 'BUILD_NOT_REPRODUCIBLE';

const verifyReproduction = async (project: OpenProject, { context }: Runner): Promise<void> => {
	const { reproduceProject } = await import('slipway/join');
	const reproduction = await reproduceProject(project, context);
	if (reproduction.identical) return;
	throw new SlipwayError<BuildOnceCode>(
		'BUILD_NOT_REPRODUCIBLE',
		'expected the second build to give the same bytes, got others',
		{ hint: 'Run `slipway reproduce` in the project: it names the files, members and offsets that differ.' },
	);
};

const build = async (project: OpenProject, inputs: BuildInputs, runner: Runner): Promise<void> => {
	const { buildProject } = await import('slipway/join');
	await buildProject(project, runner.context, { test: inputs.test });
	if (inputs.reproduce) await verifyReproduction(project, runner);
};

/** Builds, tests, and where it is asked for, builds a second time; or joins what the legs of a matrix have built. */
export const buildOnce = async (inputs: BuildInputs, place: Place, runner: Runner) => {
	const { openProject } = await import('slipway/join');
	const project = await openProject(place);
	const { join: prefix, built, runners } = inputs;
	if (prefix === undefined) await build(project, inputs, runner);
	else await joinLegs(project, { prefix, built, runners }, runner);
	const manifest = await readFile(join(project.releaseFolder, 'manifest.json'));
	return {
		version: project.version,
		release: project.releaseFolder,
		manifestDigest: createHash('sha256').update(manifest).digest('hex'),
	};
};
