import type { Descriptor } from '@slipway/core';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import { isFile, type RecordLink, toOrder } from './records.ts';

const SIGN = toOrder('sign');

/** Joined Releases number records of one platform, so that the name of the file may have got a number since. */
const withoutNumber = (path: string): string => path.replace(/(?:-\d{1,4})?\.json$/, '');

const toUnfound = ({ files }: Evidence, link: RecordLink, { name, digest }: Descriptor): LinkProblem => {
	const there = files.get(name);
	return there
		? toProblem(
				'VERIFY_CHAIN_CHANGED',
				name,
				`expected sha256 ${digest.sha256}, which ${link.path} names, got ${there.digest.sha256}`,
			)
		: toProblem('VERIFY_CHAIN_MISSING', name, `expected the record that ${link.path} names, found none`);
};

const checkNamed = (evidence: Evidence, records: readonly RecordLink[], link: RecordLink): LinkProblem[] =>
	link.record.follows.flatMap((named) => {
		const found = records.find(({ digest }) => isFile(named, digest));
		if (!found) return [toUnfound(evidence, link, named)];
		if (withoutNumber(found.path) !== withoutNumber(named.name))
			return [
				toProblem(
					'VERIFY_CHAIN_MISMATCH',
					link.path,
					`names ${found.path} as ${JSON.stringify(named.name.slice(0, 200))}`,
				),
			];
		return found.order < link.order
			? []
			: [toProblem('VERIFY_CHAIN_MISMATCH', link.path, `follows ${found.path}, which is no earlier stage`)];
	});

const names = ({ record }: RecordLink, { digest }: RecordLink): boolean =>
	record.follows.some((named) => isFile(named, digest));

/** Signing and what comes after it speak of every record before them; the others at least of a build. */
const checkUnnamed = (records: readonly RecordLink[], link: RecordLink): LinkProblem[] => {
	const earlier = records.filter(({ order }) => order < link.order);
	if (link.order < SIGN) {
		const builds = earlier.filter(({ stage }) => stage === 'build');
		return builds.length === 0 || builds.some((build) => names(link, build))
			? []
			: [toProblem('VERIFY_CHAIN_MISMATCH', link.path, 'follows no build of this Release')];
	}
	return earlier
		.filter((record) => !names(link, record))
		.map(({ path }) =>
			toProblem('VERIFY_CHAIN_MISMATCH', path, `is not named by ${link.path}, which came later`),
		);
};

/** Each record names those before it, by digest; none is missing, changed, or was slipped in. */
export const checkFollows = (evidence: Evidence, records: readonly RecordLink[]): LinkProblem[] =>
	records.flatMap((link) => [...checkNamed(evidence, records, link), ...checkUnnamed(records, link)]);
