import { toMarkdownText } from '@slipway/core';
import type { GateFinding, GateReport, GateVerdict } from '../gate.ts';

const MAX_FINDINGS = 200;
const HOUR = 3600;

const toAge = (seconds: number): string =>
	seconds < 48 * HOUR ? `${Math.round(seconds / HOUR)} h` : `${Math.round(seconds / HOUR / 24)} days`;

const toRow = ({ id, verdict, findings, overrides, dataAge }: GateVerdict): string => {
	const count = (severity: GateFinding['severity']): number =>
		findings.filter((finding) => finding.severity === severity).length;
	const age = dataAge === null ? '' : toAge(dataAge);
	return `| ${id} | ${verdict} | ${count('error')} | ${count('warning')} | ${count('note')} | ${overrides.length} | ${age} |`;
};

const toPlace = (where: GateFinding['where']): string => {
	if (!where) return '';
	const line = where.line === undefined ? '' : `:${where.line}`;
	return ` (${toMarkdownText(where.file)}${line})`;
};

const toFinding = (finding: GateFinding, { overrides }: GateVerdict): string[] => {
	const { id, severity, message, hint, where } = finding;
	const accepted = overrides.filter((override) => override.finding === id);
	return [
		`- **${severity}** ${toMarkdownText(id)}: ${toMarkdownText(message)}${toPlace(where)}`,
		...(accepted.length > 0 ? [] : [`  Do: ${toMarkdownText(hint)}`]),
		...accepted.map(
			({ kind, by, reason, expires }) =>
				`  Accepted by ${toMarkdownText(by)} (${kind}${expires === undefined ? '' : `, until ${expires}`}): ${toMarkdownText(reason)}`,
		),
	];
};

const toSection = (verdict: GateVerdict): string[] => {
	const { id, findings, notes, evidence } = verdict;
	if (findings.length + notes.length === 0) return [];
	const more = findings.length - MAX_FINDINGS;
	return [
		'',
		`## ${id}: ${verdict.verdict}`,
		'',
		...notes.map((note) => `- ${toMarkdownText(note)}`),
		...findings.slice(0, MAX_FINDINGS).flatMap((finding) => toFinding(finding, verdict)),
		...(more > 0 ? [`- and ${more} more: see report.json`] : []),
		...(evidence.length > 0 ? ['', 'Evidence:', ''] : []),
		...evidence.map(({ name, digest }) => `- ${toMarkdownText(name)} \`sha256:${digest.sha256}\``),
	];
};

const WORDS = { pass: 'passed', warn: 'passed with warnings', fail: 'failed' } as const;

const toEmergency = ({ emergency }: GateReport): string[] =>
	emergency
		? ['', `**Emergency**, declared by ${toMarkdownText(emergency.by)}: ${toMarkdownText(emergency.reason)}`]
		: [];

/** gate/report.md: for people. All foreign text in it is inert. */
export const toGateMarkdown = (report: GateReport): string =>
	`${[
		`# Gates of ${toMarkdownText(report.project)} ${toMarkdownText(report.version)}: ${WORDS[report.overall]}`,
		...toEmergency(report),
		'',
		report.policy ? `Policy: \`sha256:${report.policy.sha256}\`` : 'Policy: the built-in defaults',
		'',
		'| gate | verdict | errors | warnings | notes | accepted | age of data |',
		'|---|---|---|---|---|---|---|',
		...report.verdicts.map(toRow),
		...report.verdicts.flatMap(toSection),
	].join('\n')}\n`;
