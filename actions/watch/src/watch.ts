import { SlipwayError } from '@slipway/core';
import { toWatchMarkdown } from '@slipway/report';
import { annotateErrors, type Inputs, type Runner, toPlace } from '@slipway/runner';
import type { declaration } from './declaration.ts';

type WatchInputs = Inputs<typeof declaration>;

/** GitHub shows so many annotations of a step; the summary has all. */
const MAX_ANNOTATIONS = 10;

const toDays = (text: string): number => {
	if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
	throw new SlipwayError('RUNNER_INPUT_INVALID', 'expected days as a whole number from 1 to 9999', {
		hint: 'Correct `days` under `with:`.',
	});
};

/** Looks at everything that was released, and keeps the one issue about it. */
export const watch = async (inputs: WatchInputs, runner: Runner) => {
	const { tellWatch, watchProject } = await import('slipway/join');
	const { context } = runner;
	const place = toPlace({ ...inputs, release: undefined }, runner);
	const report = await watchProject(place, { days: toDays(inputs.days) }, context);
	const errors = report.findings.filter(({ severity }) => severity === 'error');
	const warnings = report.findings.filter(({ severity }) => severity === 'warning');
	annotateErrors(errors.slice(0, MAX_ANNOTATIONS));
	for (const { target, code, message, hint } of warnings.slice(0, MAX_ANNOTATIONS - 1))
		context.log.warning(`${target}: ${code} ${message}\n${hint}`);
	const { url } = await tellWatch(place, { report, folder: inputs.project }, context);
	return {
		outputs: {
			findings: String(report.findings.length),
			errors: String(errors.length),
			issue: url ?? undefined,
		},
		markdown: toWatchMarkdown(report),
	};
};
