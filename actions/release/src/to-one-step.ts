import type { Inputs, Runner } from '@slipway/runner';
import type { OneStep } from 'slipway/join';
import type { declaration } from './declaration.ts';

/** Whoever started the run declares the emergency. */
export const toOneStep = (inputs: Inputs<typeof declaration>, { run }: Runner): OneStep => ({
	run,
	artifacts: inputs.artifacts,
	build: inputs.build,
	allowBuildWithCredentials: inputs['allow-build-with-credentials'],
	line: inputs.line,
	takeOver: inputs['take-over'],
	emergency: inputs.emergency === undefined ? undefined : { reason: inputs.emergency, by: run.actor },
});
