import { toNoticeMarkdown } from '@slipway/report';
import {
	annotateErrors,
	downloadArtifact,
	type Inputs,
	type Place,
	parseDigest,
	type Runner,
	toPlace,
} from '@slipway/runner';
import type { declaration } from './declaration.ts';

type NoticeInputs = Inputs<typeof declaration>;

const OUTPUTS = { failed: undefined, state: undefined, issue: undefined, comment: undefined };

const NOTHING = {
	outputs: OUTPUTS,
	markdown: 'Nothing failed.\n',
};

/** Says how the jobs before this one ended; speaks up only where something failed. */
const tellEnd = async (inputs: NoticeInputs, place: Place, runner: Runner) => {
	const { readNotice, tellIssue, toAnnotations } = await import('slipway/join');
	const { context, run } = runner;
	const { version, operation } = inputs;
	const jobs = inputs.jobs.join('\n') || '{}';
	const notice = await readNotice(place, { run, version, operation, jobs }, context);
	annotateErrors(toAnnotations(notice));
	if (!notice.failed) context.log.info('nothing failed');
	const { url } = await tellIssue(place, { notice, folder: inputs.project }, context);
	const outputs = {
		...OUTPUTS,
		failed: String(notice.failed),
		state: notice.state ?? undefined,
		issue: url ?? undefined,
	};
	return { ...NOTHING, outputs, ...(notice.failed && { markdown: toNoticeMarkdown(notice) }) };
};

const COMMENT = { name: 'comment-digest', beside: 'comment-artifact', from: 'plan' };

/** Keeps the comment of the pull request up to date with the page that another job made. */
const tellPage = async (
	name: string,
	inputs: NoticeInputs,
	{ place, runner }: { place: Place; runner: Runner },
) => {
	const { tellComment } = await import('slipway/join');
	const artifact = { name, sha256: parseDigest(inputs['comment-digest'], COMMENT) };
	const page = await downloadArtifact(artifact, runner);
	const { url } = await tellComment(place, { page, folder: inputs.project }, runner.context);
	return { outputs: { ...OUTPUTS, comment: url ?? undefined } };
};

/** One of both: how the jobs ended, or the page of a plan. */
export const tell = async (inputs: NoticeInputs, runner: Runner) => {
	const place = toPlace({ ...inputs, release: undefined }, runner);
	const page = inputs['comment-artifact'];
	return page === undefined ? tellEnd(inputs, place, runner) : tellPage(page, inputs, { place, runner });
};
