import { FAULT_ROWS, type FaultRow } from './rows.ts';

/** How often a fault was tried, and how often all went as it has to. */
export interface Tried {
	readonly tried: number;
	readonly passed: number;
}

const toTryers = ({ isIn, hasTrials, suites, none }: FaultRow): string => {
	const tryers = [
		...(hasTrials ? ['real processes'] : []),
		...(isIn ? ['simulated stories'] : []),
		...suites.map(({ file }) => `[${file.replace(/^.*\//, '')}](../../${file})`),
	];
	return none ?? tryers.join(', ');
};

const toLine = (row: FaultRow, counts: ReadonlyMap<string, Tried>): string => {
	const { tried = 0, passed = 0 } = counts.get(row.number) ?? {};
	const figures = tried === 0 ? '- | -' : `${tried} | ${passed}`;
	return `| ${row.number} | ${row.what} | ${row.expected} | ${toTryers(row)} | ${figures} |`;
};

const INTRODUCTION = `# What goes wrong, and what comes of it

A release crosses networks, disks and people. For each thing that can go wrong on the way this table says what has to come of it,
and which of our tests make it happen. \`npm run faults\` tries them and prints the same table with the counts of that run.

- **Real processes**: the command \`slipway\`, a registry behind a proxy, an apt repository, a journal. The command is killed, suspended or
  lied to at steps that a run without faults was seen to take, goes on, and has to end as that run did.
- **Simulated stories**: the same code of the transaction in one process, on simulated registries, with a time of its own. A seed
  decides everything: who is killed where (a killed run does nothing more, not even its clean-up), which replies are lost, late or stale,
  who else acts meanwhile, what becomes of clock and journal. After each run, and at the end, the promises are checked: no bytes that
  were not planned; no default that names what is not there everywhere; no irreversible step twice; the same end as without the
  faults; nothing of others overwritten; no secret written down; an end with one next command, which is then followed to its end.
  \`npm run faults -- --seed 18\` tells the story of one seed, line by line. Deliberate mistakes, built into the code, are found by
  some seed: a test says by which.
- **Suites** of \`npm test\` and \`npm run test:whole\`, with the real counterparts (apt-get, a registry, child processes).
`;

/** What a run tried of the trials in real processes. */
export type Extent = 'all' | 'the share of CI';

const CAPTIONS: Readonly<Record<Extent, string>> = {
	all: 'Counts: of a run that tried all trials in real processes.',
	'the share of CI':
		'Counts: of a run that tried the share of the trials in real processes that CI has time for.',
};

const HEAD = `| fault | what goes wrong | what has to come of it | tried by | tried | passed |
|---|---|---|---|---|---|`;

/** The page for readers; the counts are those of the run that wrote it. */
export const toFaultsPage = (counts: ReadonlyMap<string, Tried>, extent: Extent): string =>
	[INTRODUCTION, `${CAPTIONS[extent]}\n`, HEAD, ...FAULT_ROWS.map((row) => toLine(row, counts)), ''].join(
		'\n',
	);

/** A page without what differs from run to run. */
export const withoutCounts = (page: string): string =>
	page.replace(/^Counts: .*$/m, '').replace(/ \| (\d+|-) \| (\d+|-) \|$/gm, ' |');
