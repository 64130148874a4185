import type { Clock } from '@slipway/core';
import { type LinkProblem, toProblem } from './problem.ts';
import { isFile, type RecordLink } from './records.ts';

/** Stages run on several machines: their clocks may differ by so much (ms). */
const SKEW_MS = 5 * 60_000;
/** A release waits for people; a record that is signed later than this was not signed in the run that it speaks of. */
const MAX_WAIT_MS = 30 * 86_400_000;

const toText = (ms: number): string => new Date(ms).toISOString();

const checkOne = (link: RecordLink, records: readonly RecordLink[], now: number): LinkProblem[] => {
	const [start, end] = [Date.parse(link.record.start), Date.parse(link.record.end)];
	const problem = (text: string) => [toProblem('VERIFY_CHAIN_TIME', link.path, text)];
	if (end < start) return problem(`ended at ${link.record.end}, before it started at ${link.record.start}`);
	if (end > now + SKEW_MS) return problem(`ended at ${link.record.end}, which is after now (${toText(now)})`);
	return records
		.filter(({ digest }) => link.record.follows.some((named) => isFile(named, digest)))
		.filter(({ record }) => Date.parse(record.end) > start + SKEW_MS)
		.flatMap(({ path, record }) =>
			problem(`started at ${link.record.start}, before ${path}, which it follows, ended at ${record.end}`),
		);
};

/** Stages ended after they started, after those that they follow, and not in the future. */
export const checkTimes = (records: readonly RecordLink[], clock: Pick<Clock, 'now'>): LinkProblem[] =>
	records.flatMap((link) => checkOne(link, records, clock.now()));

/** A record is signed after its stage ended, within the time that a release takes. Keys without a timestamp prove no time. */
export const checkSignedAt = (
	{ path, record }: RecordLink,
	bundlePath: string,
	signedAt: Date | null,
): LinkProblem[] => {
	if (!signedAt) return [];
	const [end, signed] = [Date.parse(record.end), signedAt.getTime()];
	if (signed < end - SKEW_MS)
		return [
			toProblem(
				'VERIFY_CHAIN_TIME',
				bundlePath,
				`was signed at ${toText(signed)}, before ${path} ended at ${record.end}`,
			),
		];
	return signed > end + MAX_WAIT_MS
		? [
				toProblem(
					'VERIFY_CHAIN_TIME',
					bundlePath,
					`was signed at ${toText(signed)}, more than ${MAX_WAIT_MS / 86_400_000} days after ${path} ended`,
				),
			]
		: [];
};
