import type { Scenario } from '../simulation/scenario.ts';

/** A suite of `npm test` or `npm run test:whole` that tries a fault, and which of its tests do. */
export interface Suite {
	readonly file: string;
	/** Of the tests' full names; undefined: all. */
	readonly names?: RegExp;
}

/** One fault of the table. */
export interface FaultRow {
	/** "F1", … */
	readonly number: string;
	readonly what: string;
	/** What has to come of it. */
	readonly expected: string;
	/** Whether a simulated story has it in it; undefined: none has. */
	readonly isIn?: (scenario: Scenario) => boolean;
	/** Real processes are tried by this command too. */
	readonly hasTrials?: true;
	readonly suites: readonly Suite[];
	/** Why nothing is tried. */
	readonly none?: string;
}

const fortunes = ({ stages }: Scenario) =>
	stages.flatMap(({ fortunes: own, rival }) => [...own, ...(rival ? [rival.fortune] : [])]);

export const FAULT_ROWS: readonly FaultRow[] = [
	{
		number: 'F1',
		what: 'killed before and after each durable step',
		expected: 'the end it would have had',
		hasTrials: true,
		suites: [
			{ file: 'test/faults/crash.whole.test.ts' },
			{ file: 'test/faults/torn-journal.whole.test.ts', names: /torn/ },
		],
	},
	{
		number: 'F2',
		what: 'two or three kills in one release, and every other fault beside them',
		expected: 'the same end',
		isIn: () => true,
		hasTrials: true,
		suites: [],
	},
	{
		number: 'F3',
		what: 'the reply is lost, the change was made',
		expected: 'found by its digest, no second write',
		isIn: ({ noise }) => noise.budget > 0 && noise.lost > 0,
		hasTrials: true,
		suites: [{ file: 'packages/npm/src/publisher/npm-faults.test.ts', names: /F3/ }],
	},
	{
		number: 'F4',
		what: 'the request fails, nothing was changed',
		expected: 'at most five tries, then a clear stop',
		isIn: ({ noise }) => noise.budget > 0,
		hasTrials: true,
		suites: [
			{ file: 'packages/npm/src/publisher/npm-faults.test.ts', names: /F4/ },
			{ file: 'packages/release/src/release.test.ts', names: /F4/ },
		],
	},
	{
		number: 'F5',
		what: '429 with Retry-After in seconds, as a date, absurd, missing',
		expected: 'no call before it, ten minutes at most',
		isIn: ({ noise }) => noise.budget > 0 && noise.refused > 0,
		suites: [
			{ file: 'packages/http/src/retry-after.test.ts' },
			{ file: 'packages/npm/src/publisher/npm-faults.test.ts', names: /F5/ },
		],
	},
	{
		number: 'F6',
		what: 'a download with flipped bits or a lost end',
		expected: 'never accepted',
		suites: [
			{ file: 'packages/verify/src/bit-flips.test.ts' },
			{ file: 'packages/npm/src/publisher/npm-hostile.test.ts', names: /F6/ },
		],
	},
	{
		number: 'F7',
		what: 'accepted, and seen at once, within an hour, or after a month',
		expected: 'PENDING_EXTERNAL, nothing sent twice, goes on later',
		isIn: ({ longestScanMs, npm }) => npm !== undefined && longestScanMs > 0,
		suites: [
			{ file: 'packages/npm/src/publisher/npm-delays.test.ts', names: /F7/ },
			{ file: 'packages/release/src/release.test.ts', names: /F7/ },
		],
	},
	{
		number: 'F8',
		what: '409 staged, 409 packument, 403 taken by the same and by other bytes',
		expected: 'each its own answer',
		isIn: ({ stages, npm }) =>
			npm !== undefined &&
			stages.some(({ intrusions }) => intrusions.some(({ kind }) => kind === 'publishes other bytes')),
		suites: [
			{ file: 'packages/npm/src/publisher/npm-faults.test.ts', names: /F8/ },
			{ file: 'packages/npm/src/registry/classify-reply.test.ts' },
		],
	},
	{
		number: 'F9',
		what: 'a cache shows the old state for some reads',
		expected: 'no absence, no second publish',
		isIn: ({ staleReads, npm }) => npm !== undefined && staleReads > 0,
		suites: [
			{ file: 'packages/npm/src/publisher/npm-delays.test.ts', names: /F9/ },
			{ file: 'packages/release/src/release.test.ts', names: /F9/ },
		],
	},
	{
		number: 'F10',
		what: 'a second run of the same release, of another one, of a rollback or an abort at the same time',
		expected: 'one wins, one waits or stops',
		isIn: ({ stages }) => stages.some(({ rival }) => rival),
		suites: [],
	},
	{
		number: 'F11',
		what: 'suspended, overtaken, woken up',
		expected: 'no change after the fence',
		isIn: (scenario) => fortunes(scenario).some(({ pauseAt }) => pauseAt !== undefined),
		hasTrials: true,
		suites: [{ file: 'packages/release/src/release.test.ts', names: /F11/ }],
	},
	{
		number: 'F12',
		what: 'somebody else moves a pointer meanwhile',
		expected: 'seen, and left alone',
		isIn: ({ stages }) =>
			stages.some(({ intrusions }) => intrusions.some(({ kind }) => kind === 'moves a pointer')),
		suites: [
			{ file: 'packages/npm/src/publisher/npm-delays.test.ts', names: /F12/ },
			{ file: 'packages/deb/src/publisher/conflicts.test.ts' },
			{ file: 'packages/release/src/release.test.ts', names: /F12/ },
		],
	},
	{
		number: 'F13',
		what: 'full or read-only disk, no more open files: at the build, the journal, the apt index',
		expected: 'stops before the next change, no half file',
		suites: [{ file: 'test/faults/full-disk.whole.test.ts' }],
	},
	{
		number: 'F14',
		what: 'a clock that is off by 5 s, 60 s, a day, or jumps',
		expected: 'nothing signed that apt refuses',
		isIn: (scenario) => fortunes(scenario).some(({ skewMs, jumpMs }) => skewMs || jumpMs),
		suites: [{ file: 'packages/deb/src/publisher/clock.test.ts' }],
	},
	{
		number: 'F15',
		what: 'an artifact changed between jobs: bytes, name, order, one more',
		expected: 'refused by its digest',
		suites: [
			{ file: 'packages/archive/src/release/release.test.ts', names: /F15/ },
			{ file: 'packages/release/src/release.test.ts', names: /F15/ },
			{ file: 'test/actions.test.ts', names: /F15/ },
		],
	},
	{
		number: 'F16',
		what: 'an old plan, manifest or InRelease again; apt: freeze, mix-and-match, rollback',
		expected: 'refused',
		suites: [
			{ file: 'packages/deb/src/publisher/tampered-repository.test.ts' },
			{ file: 'packages/deb/src/publisher/replayed-repository.test.ts' },
			{ file: 'packages/archive/src/release/release.test.ts', names: /F15/ },
		],
	},
	{
		number: 'F18',
		what: 'the identity is refused or expires while signing',
		expected: 'a clear stop',
		hasTrials: true,
		suites: [],
	},
	{
		number: 'F19',
		what: 'an apt upload stops after each of its files',
		expected: 'apt-get update exits with 0 at every cut',
		hasTrials: true,
		suites: [{ file: 'packages/deb/src/publisher/torn-publish.test.ts' }],
	},
	{
		number: 'F22',
		what: 'endless or slow body, 10 GB announced, redirects in a circle, gzip bomb',
		expected: 'given up within 60 s and 256 MB',
		suites: [
			{ file: 'test/faults/endless.whole.test.ts' },
			{ file: 'packages/http/src/client.test.ts', names: /drips|too large|never end/ },
		],
	},
	{
		number: 'F23',
		what: 'SIGINT, then SIGTERM, then SIGKILL at a step',
		expected: 'as F1',
		isIn: (scenario) => fortunes(scenario).some(({ cancelAt }) => cancelAt !== undefined),
		suites: [{ file: 'packages/runner/src/cancel.test.ts' }],
	},
	{
		number: 'F24',
		what: 'the journal forged, torn, deleted, replaced',
		expected: 'the registries are right; never a wrong skip',
		isIn: ({ stages }) => stages.some(({ mischief }) => mischief),
		suites: [
			{ file: 'test/faults/torn-journal.whole.test.ts' },
			{ file: 'packages/release/src/release.test.ts', names: /F24/ },
		],
	},
	{
		number: 'F25',
		what: 'telemetry is down, slow, wrong',
		expected: 'the release does not notice',
		suites: [],
		none: 'there is no telemetry: nothing is sent to anybody but the targets and services of slipway.yml',
	},
	{
		number: 'S1',
		what: 'signing services reset, fail, lie, are late or down',
		expected: 'as if nothing had happened, or a clear stop',
		hasTrials: true,
		suites: [],
	},
];
