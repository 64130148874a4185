import { join, resolve } from 'node:path';
import { readRelease } from '@slipway/archive';
import { findRefusal, toGateMarkdown } from '@slipway/gate';
import type { Inputs, Place, Runner } from '@slipway/runner';
import type { declaration } from './declaration.ts';

type GateInputs = Inputs<typeof declaration>;

/** Whoever started the run declares the emergency, unless somebody else is named. */
const toEmergency = (inputs: GateInputs, { run }: Runner) =>
	inputs.emergency === undefined
		? undefined
		: { reason: inputs.emergency, by: inputs['emergency-by'] ?? run.actor };

/** Lets every gate look at the Release of a place and signs their record where this job can. What refuses it is handed back, so that the report is there first. */
export const gateRelease = async (inputs: GateInputs, place: Place, runner: Runner) => {
	const { gateProject, openProject, signRecordsHere } = await import('slipway/join');
	const project = await openProject(place);
	const release = await readRelease(project.releaseFolder);
	const policyFile = inputs.policy === undefined ? undefined : resolve(runner.workspace, inputs.policy);
	const options = { emergency: toEmergency(inputs, runner), policyFile, again: true };
	const { report } = await gateProject(project, release, options, runner.context);
	const refusal = findRefusal(report);
	if (!refusal) await signRecordsHere(project, release, runner.context);
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
	};
};
