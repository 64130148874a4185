import { explain } from './explain.ts';
import type { HistoryEvent } from './history.ts';
import { toOperations } from './history.ts';
import type { Job } from './mix.ts';
import { findBackwardDates, findReplacedBytes, type State } from './model.ts';
import { EXIT } from './publisher-ending.ts';
import type { Finished } from './team.ts';

/** What one process was to do, and what became of it. */
export interface Outcome {
	readonly job: Job;
	readonly finished: Finished;
}

const toShown = ({ job }: Outcome): string =>
	job.kind === 'publish'
		? `publish ${job.debs.map(({ name, version, content }) => `${name} ${version} (${content})`).join(' and ')}`
		: `roll back ${job.subjects.map(({ id, version }) => `${id} ${version}`).join(' and ')}`;

const toKeys = ({ job }: Outcome): readonly string[] =>
	job.kind === 'publish' ? job.debs.map(({ name, version }) => `${name} ${version}`) : [];

/** Stops that a race may end in: somebody else's bytes have the version, or a higher version is out. */
const isAllowedStop = (outcome: Outcome, all: readonly Outcome[]): boolean => {
	const { job, finished } = outcome;
	if (job.kind !== 'publish') return false;
	const others = all
		.filter((other) => other !== outcome)
		.flatMap(({ job }) => (job.kind === 'publish' ? job.debs : []));
	if (finished.ending?.code === 'APT_VERSION_LOWER')
		return job.debs.some(({ name, version }) =>
			others.some((other) => other.name === name && other.version > version),
		);
	if (['APT_VERSION_TAKEN', 'STOPPED_MISMATCH'].includes(finished.ending?.code ?? ''))
		return job.debs.some(({ name, version, content }) =>
			others.some((other) => other.name === name && other.version === version && other.content !== content),
		);
	return false;
};

/** The exit status says the same as the words; a stop has a code, and a reason in what the others did. */
const findBadEnds = (outcomes: readonly Outcome[]): readonly string[] =>
	outcomes.flatMap((outcome) => {
		const { name, exitCode, ending, errors } = outcome.finished;
		const what = `${name} (${toShown(outcome)})`;
		if (!ending)
			return [`${what} ended with ${exitCode ?? 'a signal'} and without a word: ${errors.slice(-800)}`];
		const expected = EXIT[ending.end];
		if (exitCode !== expected) return [`${what}: expected exit status ${expected}, got ${exitCode}`];
		if (ending.end === 'stopped' && !isAllowedStop(outcome, outcomes))
			return [`${what} was stopped for no reason in this race: ${ending.code} ${ending.message}`];
		return [];
	});

/** Of those that published one version at least one got in, unless a higher version came first. */
const findLoserless = (outcomes: readonly Outcome[]): readonly string[] =>
	[...new Set(outcomes.flatMap(toKeys))].flatMap((key) => {
		const group = outcomes.filter((outcome) => toKeys(outcome).includes(key));
		const isDecided = group.some(
			({ finished }) => finished.ending?.end !== 'stopped' || finished.ending.code === 'APT_VERSION_LOWER',
		);
		return isDecided
			? []
			: [`nobody got ${key} in: ${group.map(({ finished }) => finished.ending?.code).join(', ')}`];
	});

/** Who was told that his version is in finds it in the end, unless somebody took that version back. */
const findLost = (outcomes: readonly Outcome[], end: State): readonly string[] => {
	const takenBack = new Set(
		outcomes.filter(({ finished }) => finished.ending?.end === 'rolled-back').flatMap(toKeys),
	);
	return outcomes
		.filter(({ finished }) => finished.ending?.end === 'in')
		.flatMap((outcome) => toKeys(outcome).map((key) => ({ key, outcome })))
		.filter(({ key }) => !takenBack.has(key))
		.filter(({ key }) => {
			const [name = '', version] = key.split(' ');
			const offered = [...end].find(([subject]) => subject.endsWith(`/${name}`))?.[1] ?? '';
			return !` ${offered}`.includes(` ${version} `);
		})
		.map(
			({ key, outcome }) =>
				`${outcome.finished.name} was told that ${key} is in, and it is not there in the end`,
		);
};

export interface Judgement {
	readonly problems: readonly string[];
	readonly operations: number;
	readonly ends: Readonly<Record<string, number>>;
	readonly conflicts: number;
	readonly replans: number;
}

const toEnd = ({ finished: { ending, exitCode } }: Outcome): string =>
	ending ? (ending.code ?? ending.end) : `exit ${exitCode}`;

/** Everything that a race must not show, in words. */
export const judgeRace = (
	outcomes: readonly Outcome[],
	{
		start,
		end,
		events,
	}: { readonly start: State; readonly end: State; readonly events: readonly HistoryEvent[] },
): Judgement => {
	const operations = toOperations(events);
	const explanation = explain(operations, start);
	const ends = Object.fromEntries(
		[...Map.groupBy(outcomes, toEnd)].map(([what, group]) => [what, group.length] as const).sort(),
	);
	const sum = (toNumber: (outcome: Outcome) => number): number =>
		outcomes.reduce((total, outcome) => total + toNumber(outcome), 0);
	return {
		problems: [
			...findBadEnds(outcomes),
			...findLoserless(outcomes),
			...findLost(outcomes, end),
			...findReplacedBytes(operations),
			...findBackwardDates(operations),
			...(explanation.verdict === 'explained'
				? []
				: [`the history is ${explanation.verdict}: ${explanation.reason}`]),
		],
		operations: operations.length,
		ends,
		conflicts: sum(({ finished }) => finished.ending?.conflicts ?? 0),
		replans: sum(({ finished }) => finished.ending?.replans ?? 0),
	};
};
