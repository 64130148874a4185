import { SlipwayError, toPrintable } from '@slipway/core';
import type { GateCode } from './code.ts';
import type { GateReport, GateVerdict } from './gate.ts';

const MAX_LINES = 40;

/** The errors of a verdict that nobody accepted. */
export const toOpenErrors = ({ findings, overrides }: GateVerdict) =>
	findings.filter(
		({ id, severity }) => severity === 'error' && !overrides.some(({ finding }) => finding === id),
	);

const toLines = (verdict: GateVerdict): string[] =>
	toOpenErrors(verdict).map(
		({ id, message, hint }) =>
			`${verdict.id}: ${toPrintable(id, 200)}: ${toPrintable(message, 500)} (do: ${toPrintable(hint, 300)})`,
	);

/** Why a Release may not leave, with every finding, its cause and what to do; undefined where it may. */
export const findRefusal = ({
	verdicts,
	project,
	version,
}: GateReport): SlipwayError<GateCode> | undefined => {
	const failed = verdicts.filter(({ verdict }) => verdict === 'fail');
	if (failed.length === 0) return undefined;
	const lines = failed.flatMap(toLines);
	const more = lines.length > MAX_LINES ? [`and ${lines.length - MAX_LINES} more: see gate/report.md`] : [];
	const names = failed.map(({ id }) => id).join(', ');
	return new SlipwayError<GateCode>(
		'GATE_REFUSED',
		`expected every gate of ${project} ${version} to pass, but ${names} failed:\n  ${[...lines.slice(0, MAX_LINES), ...more].join('\n  ')}`,
		{
			hint: 'Mend what the findings name, or accept one for a time under `overrides` of the policy, with name, reason and expiry. gate/report.md has all of them.',
		},
	);
};

/** Throws where a gate failed. @throws SlipwayError GATE_REFUSED */
export const verifyGates = (report: GateReport): void => {
	const refusal = findRefusal(report);
	if (refusal) throw refusal;
};
