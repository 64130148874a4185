import { findS3Server, findTool } from '@slipway/testing';
import { raceDistTag } from './dist-tag.ts';
import { checkInterleavings } from './interleavings.ts';
import type { PlaceName } from './places.ts';
import { BROKEN, type RaceReport, runRace } from './race.ts';
import type { Race, RaceRow } from './row.ts';
import { raceTwins } from './twins.ts';
import { raceZombies } from './zombies.ts';

const toNotes = ({ ends, replans, history, aptUpdates, ownLooks }: RaceReport): readonly string[] => [
	Object.entries(ends)
		.map(([end, count]) => `${count} ${end}`)
		.join(', '),
	`${replans} plans made again`,
	`${aptUpdates} updates by apt-get and ${ownLooks} by the built-in reader`,
	history,
];

const toRow = (report: RaceReport): RaceRow => ({
	name: report.place,
	processes: report.processes,
	operations: report.operations,
	conflicts: report.conflicts,
	updates: report.aptUpdates + report.ownLooks,
	seconds: report.seconds,
	problems: report.problems,
	notes: toNotes(report),
});

const onStore =
	(place: PlaceName): Race['run'] =>
	async (options) => [toRow(await runRace({ ...options, place }))];

/** The checks themselves are tried: a store that compares nothing loses updates, and the race has to say so. */
const withoutComparison: Race['run'] = async (options) => {
	const row = toRow(await runRace({ ...options, place: 'no-comparison' }));
	const signs = ['the history is unexplained', BROKEN];
	const isNoticed = row.problems.some((problem) => signs.some((sign) => problem.startsWith(sign)));
	return [
		{
			...row,
			name: 'no-comparison (has to be noticed)',
			problems: isNoticed ? [] : ['nobody noticed that a store which compares nothing loses updates'],
			notes: [`${row.problems.length} problems noticed`, ...row.notes],
		},
	];
};

const needsGit = (): string | undefined => (findTool('git') ? undefined : 'git');

const onServer = (kind: 'versitygw' | 'minio'): Race => ({
	name: `s3-${kind}`,
	needs: 'servers',
	findMissing: () => (findS3Server(kind) ? undefined : kind),
	run: onStore(`s3-${kind}`),
});

const zombiesOn = (place: 'directory' | 'git' | 's3-versitygw'): Race => ({
	name: `zombies-${place}`,
	...(place === 's3-versitygw' ? { needs: 'servers' as const } : {}),
	findMissing: () => (place === 's3-versitygw' && !findS3Server('versitygw') ? 'versitygw' : undefined),
	run: async (options) => [await raceZombies(place, options, 5)],
});

const INTERLEAVINGS = 300;

const interleavings: Race['run'] = async ({ seed }) => {
	const began = performance.now();
	const operations = await checkInterleavings({ runs: INTERLEAVINGS, seed, compares: true });
	return [
		{
			name: 'orders of requests, simulated',
			processes: 1,
			operations,
			conflicts: 0,
			updates: 0,
			seconds: (performance.now() - began) / 1000,
			problems: [],
			notes: [`${INTERLEAVINGS} lists of commands, each in an order of requests by chance`],
		},
	];
};

/** Every race, the quickest to tell something first. */
export const RACES: readonly Race[] = [
	{ name: 'interleavings', run: interleavings },
	{ name: 'directory', run: onStore('directory') },
	{ name: 'no-comparison', run: withoutComparison },
	{ name: 'git', findMissing: needsGit, run: onStore('git') },
	{
		name: 'git-http',
		findMissing: needsGit,
		run: (options) => onStore('git-http')({ ...options, processes: Math.min(8, options.processes) }),
	},
	onServer('versitygw'),
	onServer('minio'),
	...(['directory', 'git', 's3-versitygw'] as const).map(zombiesOn),
	{ name: 'twins', run: async (options) => [await raceTwins(options)] },
	{ name: 'dist-tag', run: async () => [await raceDistTag()] },
];
