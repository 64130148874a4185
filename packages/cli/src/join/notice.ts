import type { Context } from '@slipway/core';
import type { ReleaseReport, Run } from '@slipway/release';
import type { Notice, NoticeJob, NoticeSubject, NoticeWay } from '@slipway/report';
import { isBad, parseJobs } from './notice-jobs.ts';
import { toRepositoryName, toRunAddress, toRunTag, toTagVersion, toWorkflowName } from './notice-run.ts';
import { readProjectName, readStanding, type Standing } from './notice-state.ts';
import type { Door } from './project.ts';

export interface NoticeOptions {
	readonly run: Run;
	/** `toJSON(needs)` of the job that speaks. */
	readonly jobs: string;
	readonly version?: string | undefined;
	/** What the run was started for. Default: release. */
	readonly operation?: string | undefined;
}

/** The operation of the caller's dispatch that a command stands for. */
const toOperation = (command: string): string | null =>
	/^slipway (continue|abort|rollback|restore) /.exec(command)?.[1] ?? null;

/** The tag by which a dispatch names the version: the run's own, where it is of this version. */
const toTag = (version: string | undefined, door: Door): string | null => {
	const tag = toRunTag(door.environment);
	if (version === undefined) return tag ?? null;
	return tag !== undefined && toTagVersion(tag) === version ? tag : `v${version}`;
};

const toRollback = (version: string): string => `slipway rollback ${version} --reason TEXT --yes`;

/** What takes a release back, or forth again, is gone on with by asking for it again, whether it has begun or not. */
const UNDOING: Readonly<Record<string, (version: string) => string>> = {
	rollback: toRollback,
	restore: (version) => `slipway restore ${version} --yes`,
	abort: (version) => `slipway abort ${version} --reason TEXT`,
};

interface Ended {
	readonly version: string | undefined;
	readonly operation: string;
	readonly door: Door;
}

const toWay = (standing: Standing, { version, operation: asked, door }: Ended): NoticeWay => {
	if (standing.state === 'unplanned' || standing.state === 'absent' || version === undefined)
		return { again: true, dispatch: null, command: null };
	const place = { workflow: toWorkflowName(door.environment), tag: toTag(version, door) };
	const undo = UNDOING[asked];
	if (standing.state === 'unknown') {
		const dispatch = { ...place, operation: undo ? asked : 'continue' };
		return { again: false, dispatch, command: `slipway status ${version}` };
	}
	const { state, next } = standing.report;
	if (undo && next !== null)
		return { again: false, dispatch: { ...place, operation: asked }, command: undo(version) };
	if (state === 'COMPLETED') {
		const dispatch = { ...place, operation: 'rollback' };
		return { again: true, dispatch, command: toRollback(version) };
	}
	const operation = toOperation(next ?? '');
	return { again: false, dispatch: operation === null ? null : { ...place, operation }, command: next };
};

const toSubjects = ({ subjects }: ReleaseReport): NoticeSubject[] =>
	subjects.map(({ target, subject, version, state, pointer, problem }) => ({
		target,
		subject,
		version,
		state,
		pointer,
		problem,
	}));

const toJobText = (jobs: readonly NoticeJob[]): string => {
	const bad = jobs.filter(isBad).map(({ id, result }) => `${id} (${result})`);
	return bad.length === 0 ? 'no job failed' : `jobs that did not succeed: ${bad.join(', ')}`;
};

const toCause = (standing: Standing, jobs: readonly NoticeJob[]): string => {
	const text = toJobText(jobs);
	if (standing.state === 'known') return `${text}; ${standing.report.state}: ${standing.report.reason}`;
	if (standing.state === 'unknown')
		return `${text}; the targets could not be asked what is where: ${standing.reason}`;
	return `${text}; nothing was published`;
};

/** The end state that a run is started for. */
const GOALS: Readonly<Record<string, string>> = { rollback: 'ROLLED_BACK', abort: 'ABORTED' };

/** A job that has no key to verify a repository by sees no pointer there: that says nothing about the release. */
const isSeen = ({ subjects }: ReleaseReport): boolean =>
	subjects.every(({ pointer }) => pointer.current !== undefined);

const isUnfinished = (standing: Standing, operation: string): boolean =>
	standing.state === 'known' &&
	isSeen(standing.report) &&
	standing.report.state !== (GOALS[operation] ?? 'COMPLETED');

/**
 * How the run ended, from how its jobs did and, where there is a project with a journal, from what its targets show. Nothing
 * failed where no job did and the targets show what the run was started for. Asks and changes nothing but reads.
 * @throws SlipwayError NOTICE_JOBS_INVALID, JSON_*
 */
export const readNotice = async (door: Door, options: NoticeOptions, context: Context): Promise<Notice> => {
	const { run, operation = 'release' } = options;
	const { jobs, version: told } = parseJobs(options.jobs);
	const tag = toRunTag(door.environment);
	const version = options.version ?? told ?? (tag === undefined ? undefined : toTagVersion(tag));
	const standing = await readStanding(door, { run, version }, context);
	const name = await readProjectName(version === undefined ? door : { ...door, version });
	const failed = jobs.some(isBad) || isUnfinished(standing, operation);
	return {
		project: name ?? toRepositoryName(door.environment),
		version: version ?? null,
		operation,
		failed,
		ended: !failed && standing.state === 'known',
		state: standing.state === 'known' ? standing.report.state : null,
		cause: toCause(standing, jobs),
		jobs,
		subjects: standing.state === 'known' ? toSubjects(standing.report) : [],
		way: failed ? toWay(standing, { version, operation, door }) : null,
		run: toRunAddress(door.environment),
	};
};
