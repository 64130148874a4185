import { readFile } from 'node:fs/promises';
import { type Context, parseJson, SlipwayError } from '@slipway/core';
import { MAX_COMMENT_LENGTH } from '@slipway/report';
import * as v from 'valibot';
import type { NoticeCode } from './notice-jobs.ts';
import { toMarker } from './notice-run.ts';
import { NOT_SPOKEN, type Spoken, speak } from './notice-speak.ts';
import type { Door } from './project.ts';

const Named = v.nullish(v.object({ full_name: v.string() }));
const Event = v.object({
	repository: Named,
	pull_request: v.nullish(
		v.object({
			number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
			head: v.object({ repo: Named }),
			base: v.object({ repo: Named }),
		}),
	),
});

/** The number of the pull request that started this run, where its code is of the same repository. */
const readNumber = async ({ environment }: Door): Promise<number | undefined> => {
	const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: own } = environment;
	if (name !== 'pull_request' || !path || !own) return undefined;
	const parsed = v.safeParse(Event, parseJson(await readFile(path), 'the event of this run'));
	const { repository, pull_request: request } = parsed.success ? parsed.output : {};
	const places = [repository, request?.head.repo, request?.base.repo].map((place) => place?.full_name);
	return places.every((place) => place === own) ? request?.number : undefined;
};

/** What only a page that plan did not write would hold: other control characters, or more than a comment takes. */
const readText = (bytes: Uint8Array): string => {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		if (text.length <= MAX_COMMENT_LENGTH && !/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text))
			return text;
	} catch {
		// said below
	}
	throw new SlipwayError<NoticeCode>(
		'NOTICE_COMMENT_INVALID',
		`expected a page of at most ${MAX_COMMENT_LENGTH} printable characters, got ${bytes.length} bytes of something else`,
		{
			hint: 'Pass the outputs `artifact` and `artifact-digest` of plan as comment-artifact and comment-digest.',
		},
	);
};

/**
 * Keeps one comment of a pull request up to date. Only where its code is of the same repository: a fork's run has no right to
 * write, and must not get one by another way.
 * @throws SlipwayError NOTICE_COMMENT_INVALID, JSON_*
 */
export const tellComment = async (
	door: Door,
	{ page, folder }: { readonly page: Uint8Array; readonly folder: string },
	context: Context,
): Promise<Spoken> => {
	const body = readText(page);
	const number = await readNumber(door);
	if (number === undefined) {
		context.log.info(
			'no comment: this run is of no pull request of the same repository; the summary has the page',
		);
		return NOT_SPOKEN;
	}
	const { upsertComment } = await import('@slipway/github');
	const marker = toMarker('plan', folder === '.' ? 'root' : folder);
	return speak(
		door,
		{ scope: 'pull-requests', why: 'one comment, kept up to date', what: 'no comment was written' },
		{
			context,
			task: async (rest) => {
				const { outcome, url } = await upsertComment(rest, { marker, number, body });
				return { outcome, number, url };
			},
		},
	);
};
