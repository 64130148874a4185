import { toPrintable } from '@slipway/core';
import type { GateFinding, GateReport, GateVerdict } from '@slipway/gate';
import type { Paint } from './paint.ts';

const STYLES = { pass: 'good', warn: 'warn', fail: 'bad', skipped: 'faint' } as const;
const MAX_FINDINGS = 20;
const HOUR = 3600;

const toAge = (seconds: number | null): string =>
	seconds === null ? '' : `, data ${Math.round(seconds / HOUR)} h old`;

const toCount = (count: number, word: string): string => (count === 1 ? `1 ${word}` : `${count} ${word}s`);

const toSummary = ({ findings, overrides, dataAge, notes, verdict }: GateVerdict): string => {
	if (verdict === 'skipped') return toPrintable(notes.join('; '), 300);
	const told = findings.filter(({ severity }) => severity !== 'note').length;
	const accepted = overrides.length > 0 ? `, ${overrides.length} accepted` : '';
	return `${told === 0 ? 'nothing found' : toCount(told, 'finding')}${accepted}${toAge(dataAge)}`;
};

const toFinding = (
	{ id, severity, message, hint }: GateFinding,
	{ overrides }: GateVerdict,
	paint: Paint,
): string[] => {
	const accepted = overrides.find(({ finding }) => finding === id);
	const style = accepted ? 'faint' : severity === 'error' ? 'bad' : 'warn';
	return [
		`    ${paint(style, accepted ? 'accepted' : severity)} ${toPrintable(id, 120)}`,
		`      ${toPrintable(message, 500)}`,
		accepted
			? `      by ${toPrintable(accepted.by, 80)}, ${accepted.expires === undefined ? 'for this release' : `until ${accepted.expires}`}: ${toPrintable(accepted.reason, 300)}`
			: `      ${paint('strong', 'do')}: ${toPrintable(hint, 300)}`,
	];
};

const toLines = (verdict: GateVerdict, paint: Paint): string[] => {
	const told = verdict.findings.filter(({ severity }) => severity !== 'note');
	const more = told.length - MAX_FINDINGS;
	return [
		`  ${paint(STYLES[verdict.verdict], verdict.verdict.padEnd(7))} ${verdict.id.padEnd(21)} ${toSummary(verdict)}`,
		...told.slice(0, MAX_FINDINGS).flatMap((finding) => toFinding(finding, verdict, paint)),
		...(more > 0 ? [`    and ${more} more`] : []),
		...(verdict.verdict === 'skipped' ? [] : verdict.notes.map((note) => `    ${toPrintable(note, 500)}`)),
	];
};

const WORDS = { pass: 'passed', warn: 'passed with warnings', fail: 'failed' } as const;

/** What the gates said, for people: a line for each, and under it what it found and what to do. */
export const toGateText = (report: GateReport, folder: string, paint: Paint): string =>
	[
		`${report.project} ${report.version}: gates ${paint(STYLES[report.overall], WORDS[report.overall])}`,
		...(report.emergency
			? [
					`  ${paint('warn', 'emergency')} declared by ${toPrintable(report.emergency.by, 80)}: ${toPrintable(report.emergency.reason, 300)}`,
				]
			: []),
		...report.verdicts.flatMap((verdict) => toLines(verdict, paint)),
		`  ${paint('faint', `the whole report: ${folder}/gate/report.md`)}`,
	].join('\n');
