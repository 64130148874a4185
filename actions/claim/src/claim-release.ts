import {
	type Inputs,
	type Place,
	type Runner,
	receivePlace,
	receivePlanned,
	sendRelease,
	toRunPlace,
} from '@slipway/runner';
import type { Door } from 'slipway/join';
import type { declaration } from './declaration.ts';

type ClaimInputs = Inputs<typeof declaration>;

/** The Release to claim, and where its bytes stay for whoever goes on. */
interface Found {
	readonly place: Place;
	readonly kept: string | undefined;
}

/** Bytes that no other job has uploaded yet are kept before the plan names their place. */
const keep = async (folder: string, { 'claimed-artifact': name }: ClaimInputs, runner: Runner) => {
	const kept = name && `planned-${name}`;
	const sha256 = await sendRelease(folder, kept, runner);
	return kept && sha256 ? toRunPlace({ name: kept, sha256 }, runner.environment) : undefined;
};

/** Of another job of this run; else the one that lies here; else the one that the plan of the version names. */
const find = async (inputs: ClaimInputs, runner: Runner): Promise<Found> => {
	const { isBuilt, openProject, readPlannedPlace } = await import('slipway/join');
	const place = await receivePlace(inputs, runner);
	if (inputs.artifact) {
		const sha256 = inputs['artifact-digest']?.replace(/^sha256:/, '') ?? '';
		return { place, kept: toRunPlace({ name: inputs.artifact, sha256 }, runner.environment) };
	}
	const door: Door = { ...place, version: inputs.version };
	const project = await openProject(door);
	if (await isBuilt(project)) return { place, kept: await keep(project.releaseFolder, inputs, runner) };
	const releaseFolder = await receivePlanned(await readPlannedPlace(door), place, runner);
	return { place: { ...place, releaseFolder }, kept: undefined };
};

/** Claims the plan of a release for the jobs that publish it, and hands them the Release with the record of the plan. */
export const claimRelease = async (inputs: ClaimInputs, runner: Runner) => {
	const { claimProject } = await import('slipway/join');
	const { place, kept } = await find(inputs, runner);
	const options = {
		run: runner.run,
		takeOver: inputs['take-over'],
		repoint: inputs.repoint,
		place: kept,
	};
	return claimProject({ ...place, version: inputs.version }, options, runner.context);
};
