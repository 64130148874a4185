import { toPrintable } from '@slipway/core';
import type { RehearsalResult, StepEvent } from '@slipway/rehearsal';
import type { Paint } from './paint.ts';

const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One line a step: what, for whom, how long. */
export const toStepText = ({ project, name, state, ms }: StepEvent): string => {
	const what = `${project === null ? '' : `${project}: `}${name}`;
	if (state === 'started') return `${what} …`;
	return `${what} ${state === 'done' ? 'done' : 'FAILED'} (${toSeconds(ms)})`;
};

const show = (version: string | null | undefined): string =>
	version === undefined ? 'not seen' : (version ?? 'none');

const toTargetLines = (target: RehearsalResult['targets'][number], paint: Paint): string[] => {
	const { pointerBefore, pointerAfterRelease, pointerAfterRollback, pointerAfterRestore } = target;
	const path = [pointerBefore, pointerAfterRelease, pointerAfterRollback, pointerAfterRestore]
		.map(show)
		.map((text) => toPrintable(text));
	const mark = target.consumerVerified ? paint('good', 'verified') : paint('bad', 'NOT verified');
	return [
		`  ${target.id.padEnd(5)} ${toPrintable(target.subject)}  ${mark} by ${toPrintable(target.verifiedBy.join(', ') || 'nobody')}`,
		`        ${toPrintable(target.pointer)}: before ${path[0]}, released ${path[1]}, rolled back ${path[2]}, restored ${path[3]}`,
		`        ${toPrintable(target.artifact)} ${toPrintable(target.digest)}`,
	];
};

/** Stages whose records hang together, and what was tried on copies of the release. */
const toChainLine = ({ chains, tampering }: RehearsalResult, paint: Paint): string[] =>
	chains.map(({ project, stages, signatures, offline }) => {
		const tried = tampering.filter((each) => each.project === project).length;
		const how = `${signatures} signatures verified${offline ? ' without a network' : ''}`;
		const refused = tried === 0 ? '' : `; ${tried} times tampered with, ${tried} times refused`;
		return `  ${paint('good', 'chain')} ${toPrintable(project)}: ${stages.map(({ name }) => toPrintable(name)).join(' → ')}: ${how}${refused}`;
	});

/** The result for people: each target's default version before, after release, rollback and restore, as clients saw it. */
export const toRehearsalText = (result: RehearsalResult, out: string, paint: Paint): string =>
	[
		`rehearsal ${result.outcome === 'passed' ? paint('good', 'PASSED') : paint('bad', 'FAILED')} in ${result.seconds.toFixed(1)} s`,
		...result.targets.flatMap((target) => toTargetLines(target, paint)),
		...toChainLine(result, paint),
		...(result.fault ? [`  fault ${result.fault.name}: ${toPrintable(result.fault.description)}`] : []),
		...(result.fault?.events ?? []).map(
			({ project, text }) => `    ${toPrintable(project)}: ${toPrintable(text)}`,
		),
		...result.failures.flatMap(({ project, step, code, message, hint }) => [
			`  ${paint('bad', 'failed')} ${project ?? 'all'}, ${step}: ${code} ${toPrintable(message)}`,
			`    ${paint('strong', 'do')}: ${toPrintable(hint)}`,
		]),
		`page: ${out}/index.html   result: ${out}/result.json`,
	].join('\n');
