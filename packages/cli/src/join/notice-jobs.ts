import { findVersionProblem, parseJson, parseWith, record } from '@slipway/core';
import type { NoticeJob } from '@slipway/report';
import * as v from 'valibot';

export type NoticeCode =
	/** `jobs` is not what `toJSON(needs)` gives. */
	| 'NOTICE_JOBS_INVALID'
	/** The file of a comment is not one that `plan` writes. */
	| 'NOTICE_COMMENT_INVALID';

const MAX_BYTES = 1024 * 1024;
const MAX_JOBS = 1000;

/** `needs` of a job (contexts reference): outputs are written by jobs that ran code of others. */
const Needs = v.pipe(
	record(
		v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/, 'expected the id of a job')),
		v.object({
			result: v.picklist(['success', 'failure', 'cancelled', 'skipped']),
			// null: how engines other than GitHub's write that there is none.
			outputs: v.nullish(record(v.string(), v.unknown()), {}),
		}),
	),
	v.check((needs) => Object.keys(needs).length > 0, 'expected at least one job'),
	v.check((needs) => Object.keys(needs).length <= MAX_JOBS, `expected at most ${MAX_JOBS} jobs`),
);

/** How the jobs before this one ended, and the version that one of them told. */
export interface ParsedJobs {
	readonly jobs: readonly NoticeJob[];
	readonly version: string | undefined;
}

/** @throws SlipwayError NOTICE_JOBS_INVALID, JSON_* */
export const parseJobs = (text: string): ParsedJobs => {
	const needs = parseWith(Needs, parseJson(text, 'the input jobs', { maxBytes: MAX_BYTES, maxDepth: 16 }), {
		code: 'NOTICE_JOBS_INVALID' satisfies NoticeCode,
		what: 'the input jobs',
		hint: 'Pass `toJSON(needs)` as the input `jobs`.',
	});
	const told = Object.values(needs).map(({ outputs }) => outputs.version);
	const version = told.find((text) => typeof text === 'string' && findVersionProblem(text) === undefined);
	return {
		jobs: Object.entries(needs).map(([id, { result }]) => ({ id, result })),
		version: typeof version === 'string' ? version : undefined,
	};
};

export const isBad = ({ result }: NoticeJob): boolean => result === 'failure' || result === 'cancelled';
