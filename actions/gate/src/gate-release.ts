import { join, resolve } from 'node:path';
import { type Release, readRelease } from '@slipway/archive';
import { findRefusal, toGateMarkdown } from '@slipway/gate';
import type { Inputs, Place, Runner } from '@slipway/runner';
import type { OpenProject } from 'slipway/join';
import type { declaration } from './declaration.ts';

type GateInputs = Inputs<typeof declaration>;

/** Whoever started the run declares the emergency, unless somebody else is named. */
const toEmergency = (inputs: GateInputs, { run }: Runner) =>
	inputs.emergency === undefined
		? undefined
		: { reason: inputs.emergency, by: inputs['emergency-by'] ?? run.actor };

/** What follows on gates that let the Release pass: their record is signed, and where it is asked for the plan claimed. */
const goOn = async (
	{ project, release, claim }: { project: OpenProject; release: Release; claim: boolean },
	{ run, context }: Runner,
) => {
	const { claimGated, signRecordsHere } = await import('slipway/join');
	if (claim) return claimGated(project.door, { run }, context);
	await signRecordsHere(project, release, context);
	return undefined;
};

/** Lets every gate look at the Release of a place. What refuses it is handed back, so that the report is there first. */
export const gateRelease = async (inputs: GateInputs, place: Place, runner: Runner) => {
	const { gateProject, openProject } = await import('slipway/join');
	const project = await openProject(place);
	const release = await readRelease(project.releaseFolder);
	const policyFile = inputs.policy === undefined ? undefined : resolve(runner.workspace, inputs.policy);
	const options = { emergency: toEmergency(inputs, runner), policyFile, again: true };
	const { report } = await gateProject(project, release, options, runner.context);
	const refusal = findRefusal(report);
	const plan = refusal ? undefined : await goOn({ project, release, claim: inputs.claim }, runner);
	return {
		gated: {
			version: project.version,
			release: release.folder,
			verdict: report.overall,
			report: join(release.folder, 'gate', 'report.json'),
			sarif: join(release.folder, 'gate', 'report.sarif'),
		},
		markdown: toGateMarkdown(report),
		refusal,
		plan,
	};
};
