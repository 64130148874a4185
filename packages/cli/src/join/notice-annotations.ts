import { type Notice, toNoticeTitle } from '@slipway/report';

/** An error for the page of the run: code as its title, cause, what to do. */
export interface Annotation {
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

/** GitHub shows so many errors of a step. */
const MAX_ANNOTATIONS = 10;

const toHint = ({ way }: Notice): string => {
	if (way === null) return 'Nothing is left to do.';
	const { dispatch, command, again } = way;
	const ways = [
		...(again ? ['Re-run failed jobs once the cause is mended'] : []),
		...(dispatch
			? [
					`Actions -> ${dispatch.workflow} -> Run workflow: operation ${dispatch.operation}${dispatch.tag === null ? '' : `, tag ${dispatch.tag}, and that tag under Use workflow from`}`,
				]
			: []),
		...(command === null ? [] : [command]),
	];
	return `Go on, by one of: ${ways.join('; ')}`;
};

/** What failed, then each target that is not where it should be; at most ten. Nothing where nothing failed. */
export const toAnnotations = (notice: Notice): Annotation[] => {
	if (!notice.failed) return [];
	const hint = toHint(notice);
	const bad = notice.subjects.filter(({ problem, state }) => problem !== undefined || state !== 'exposed');
	const first = {
		code: notice.state ?? 'NOTICE_JOBS_FAILED',
		message: `${toNoticeTitle(notice)}: ${notice.cause}`,
		hint,
	};
	const others = bad.map(({ target, subject, version, state, problem }) => ({
		code: `${target}: ${state}`,
		message: `${subject} ${version}: ${problem ?? state}`,
		hint,
	}));
	const more = others.length - (MAX_ANNOTATIONS - 1);
	if (more <= 0) return [first, ...others];
	const shown = others.slice(0, MAX_ANNOTATIONS - 2);
	return [first, ...shown, { code: 'NOTICE_MORE', message: `and ${more + 1} more: see the summary`, hint }];
};
