import { toPrintable } from '@slipway/core';
import type { Diagnosis } from '../doctor/doctor.ts';
import type { Observation } from '../doctor/observation.ts';
import type { Paint } from './paint.ts';

const MARKS: Record<Observation['verdict'], { readonly mark: string; readonly style: Parameters<Paint>[0] }> =
	{
		good: { mark: '✓', style: 'good' },
		warning: { mark: '!', style: 'warn' },
		error: { mark: '✗', style: 'bad' },
		unknown: { mark: '?', style: 'faint' },
	};

const MAX_TEXT = 600;

const toLines = ({ verdict, about, code, message, action }: Observation, paint: Paint): string[] => {
	const { mark, style } = MARKS[verdict];
	const name = code === null ? '' : ` ${paint('faint', code)}`;
	return [
		`${paint(style, mark)} ${toPrintable(about, 200)}: ${toPrintable(message, MAX_TEXT)}${name}`,
		...(action === null ? [] : [`  do: ${toPrintable(action, MAX_TEXT)}`]),
	];
};

const toCount = (observations: readonly Observation[], verdict: Observation['verdict']): number =>
	observations.filter((one) => one.verdict === verdict).length;

/** What a doctor found, one thing a line, with the action below it. */
export const toDoctorText = ({ project, version, observations }: Diagnosis, paint: Paint): string =>
	[
		paint('strong', `${project} ${version}`),
		...observations.flatMap((observation) => toLines(observation, paint)),
		'',
		`${toCount(observations, 'error')} errors, ${toCount(observations, 'warning')} warnings, ${toCount(observations, 'unknown')} not known here`,
	].join('\n');
