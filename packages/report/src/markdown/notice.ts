import { type Section, toBounded } from './bounded.ts';
import { toCell, toCode, toPointer } from './inert.ts';
import type { Notice, NoticeJob, NoticeSubject, NoticeWay } from './notice-facts.ts';
import { MAX_COMMENT_LENGTH } from './plan.ts';

const toName = ({ project, version }: Pick<Notice, 'project' | 'version'>): string =>
	version === null ? project : `${project} ${version}`;

/** One line of plain text, for the title of an issue; not escaped. */
export const toNoticeTitle = (notice: Pick<Notice, 'project' | 'version' | 'operation' | 'state'>): string =>
	`${toName(notice)}: ${notice.operation} ${notice.state === null ? 'failed' : `ended as ${notice.state}`}`;

/** An address that people may click: of the run, made of checked parts. */
const toLink = (text: string, address: string): string =>
	/^https?:\/\/[A-Za-z0-9._:/-]+$/.test(address) ? `[${text}](${address})` : toCode(address);

const toHead = (notice: Notice): Section => ({
	head: [
		`### ${toCell(toNoticeTitle(notice))}`,
		'',
		`**Cause:** ${toCell(notice.cause, 1500)}`,
		...(notice.run === null ? [] : ['', toLink('The run', notice.run)]),
		'',
	],
});

const toDispatch = ({ dispatch }: NoticeWay): string[] => {
	if (dispatch === null) return [];
	const { workflow, operation, tag } = dispatch;
	// The environment that npm trusts lets tags in alone.
	const inputs = [
		`operation ${toCode(operation)}`,
		...(tag === null ? [] : [`tag ${toCode(tag)}`, 'and that tag under *Use workflow from*']),
	];
	return [`- Actions -> ${toCell(workflow)} -> Run workflow: ${inputs.join(', ')}`];
};

const toWay = ({ way }: Notice): Section[] =>
	way === null
		? []
		: [
				{
					head: [
						'**Go on, by one of:**',
						'',
						...(way.again ? ['- Re-run failed jobs, on the page of the run, once the cause is mended'] : []),
						...toDispatch(way),
						...(way.command === null ? [] : [`- ${toCode(way.command)} in a clone of the project`]),
						'',
					],
				},
			];

const toSubjectRow = ({ target, subject, version, state, pointer, problem }: NoticeSubject): string =>
	`| ${[
		toCell(target),
		toCode(subject),
		toCell(version),
		toCell(problem === undefined ? state : `${state}: ${problem}`, 800),
		toCode(pointer.name),
		toPointer(pointer.previous),
		toPointer(pointer.next),
		toPointer(pointer.current),
	].join(' | ')} |`;

const toSubjects = ({ subjects }: Notice): Section[] =>
	subjects.length === 0
		? []
		: [
				{
					head: [
						'**What is where:**',
						'',
						'| target | package | version | state | pointer | before | planned | now |',
						'|---|---|---|---|---|---|---|---|',
					],
					rows: subjects.map(toSubjectRow),
					tail: [''],
					what: 'packages',
				},
			];

const ORDER: Readonly<Record<NoticeJob['result'], number>> = {
	failure: 0,
	cancelled: 1,
	success: 2,
	skipped: 3,
};

const toJobs = ({ jobs }: Notice): Section => ({
	head: jobs.length === 0 ? [] : ['| job | result |', '|---|---|'],
	rows: jobs
		.toSorted((a, b) => ORDER[a.result] - ORDER[b.result])
		.map(({ id, result }) => `| ${toCell(id)} | ${result === 'failure' ? '**failure**' : result} |`),
	what: 'jobs',
});

const toMissing = (missing: number, what: string): string =>
	`Truncated: ${missing} more ${what}; see the run.`;

/** How an operation ended, as Markdown for the summary and the issue: cause, how to go on, what is where. All text in it is inert. */
export const toNoticeMarkdown = (notice: Notice, max = MAX_COMMENT_LENGTH): string =>
	toBounded([toHead(notice), ...toWay(notice), ...toSubjects(notice), toJobs(notice)], max, toMissing);
