import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { SlipwayError, toPrintable } from '@slipway/core';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

/** GitHub's limit for the outputs of a job is 1 MB in UTF-16; one value stays far below. */
const MAX_LENGTH = 256 * 1024;

const findProblem = (value: string): string | undefined => {
	if (value.length > MAX_LENGTH) return `expected at most ${MAX_LENGTH} characters, got ${value.length}`;
	if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return `has a control character: ${toPrintable(value, 80)}`;
	return undefined;
};

/**
 * The text that sets outputs: the runner's `name<<delimiter` form with a delimiter that is random and new for each.
 * @throws SlipwayError RUNNER_OUTPUT_INVALID for a value with line breaks or other control characters
 */
export const toOutputText = (outputs: Readonly<Record<string, string | undefined>>): string =>
	Object.entries(outputs)
		.map(([name, value = '']) => {
			const problem = findProblem(value);
			if (problem)
				throw new SlipwayError<RunnerCode>('RUNNER_OUTPUT_INVALID', `output ${name} ${problem}`, {
					hint: 'Look at where this value comes from: outputs hold digests, versions, states and paths only.',
				});
			const delimiter = `slipway_${randomUUID()}`;
			return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
		})
		.join('');

/** Sets the outputs of the step. Outside a runner there is nobody to read them. */
export const writeOutputs = async (
	outputs: Readonly<Record<string, string | undefined>>,
	environment: Environment,
): Promise<void> => {
	const text = toOutputText(outputs);
	if (environment.GITHUB_OUTPUT) await appendFile(environment.GITHUB_OUTPUT, text);
};
