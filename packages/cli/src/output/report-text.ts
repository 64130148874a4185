import { toPrintable } from '@slipway/core';
import type { ReleaseReport, SubjectReport } from '@slipway/release';
import type { Paint } from './paint.ts';
import { toShort } from './short.ts';

const toPointerText = ({ pointer }: SubjectReport): string => {
	const { name, previous, next, current } = pointer;
	return `${toPrintable(name)}: before ${toShort(previous)}, planned ${toShort(next)}${current === undefined ? '' : `, now ${toShort(current)}`}`;
};

const toSubjectLines = (report: SubjectReport, paint: Paint): string[] => {
	const state = paint(report.problem ? 'bad' : 'good', report.state.padEnd(9));
	const head = `  ${report.target.padEnd(8)} ${state} ${toPrintable(report.subject)} ${toPrintable(report.version)} (${report.mode})`;
	return [
		head,
		`           ${toPointerText(report)}`,
		...report.artifacts.map(({ name, sha256 }) => `           ${toPrintable(name)} sha256 ${sha256}`),
		...(report.verifiedBy.length > 0
			? [`           verified by ${toPrintable(report.verifiedBy.join(', '))}`]
			: []),
		...(report.problem ? [`           ${paint('bad', toPrintable(report.problem))}`] : []),
		...report.remains.map((remains) => `           remains: ${toPrintable(remains)}`),
	];
};

/** A report for people: the state, target by target what is where, and the one command that goes on. */
export const toReportText = (report: ReleaseReport, paint: Paint): string => {
	const fine = report.state === 'COMPLETED' || report.state === 'ROLLED_BACK' || report.state === 'ABORTED';
	const head = `${report.dryRun ? 'DRY RUN ' : ''}${report.operation} ${report.project} ${report.version}: ${paint(fine ? 'good' : 'bad', report.state)}`;
	return [
		head,
		...report.reason.split('\n').map((line) => `  ${toPrintable(line.trim())}`),
		...report.subjects.flatMap((subject) => toSubjectLines(subject, paint)),
		...(report.next === null ? [] : [`next: ${paint('strong', toPrintable(report.next))}`]),
	].join('\n');
};
