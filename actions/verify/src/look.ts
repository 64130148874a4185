import { type Inputs, type Runner, receivePlace, toPlace } from '@slipway/runner';
import { consume } from './consume.ts';
import type { declaration } from './declaration.ts';
import { verifyInputs } from './verify-inputs.ts';

/** Verifies what the inputs name, or, as a consumer, what every target shows. @returns what was verified, as JSON */
export const look = async (inputs: Inputs<typeof declaration>, runner: Runner): Promise<string> =>
	inputs.consumer
		? consume(inputs.version, toPlace(inputs, runner), runner)
		: verifyInputs(inputs, await receivePlace(inputs, runner), runner);
