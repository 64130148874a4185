import { judgeRace, type Outcome } from './judge.ts';
import type { Job } from './mix.ts';
import type { Ending } from './publisher-ending.ts';

const publish = (version: string, content = 'one'): Job => ({
	kind: 'publish',
	debs: [{ name: 'greet', version, content }],
	thenRollback: false,
});

const toOutcome = (
	job: Job,
	end: Ending['end'],
	more: { code?: string; exitCode?: number } = {},
): Outcome => {
	const exitCode = { in: 0, 'rolled-back': 0, 'not-ours': 4, stopped: 3 }[end];
	const ending: Ending = { end, code: more.code ?? null, message: null, replans: 1, conflicts: 2 };
	return {
		job,
		finished: { name: 'p1', exitCode: more.exitCode ?? exitCode, events: [], ending, errors: '' },
	};
};

const OFFERED = new Map([['pkg:deb/greet', `1.0-1 all sha256:${'a'.repeat(64)}`]]);
const judge = (...outcomes: readonly Outcome[]) =>
	judgeRace(outcomes, { start: OFFERED, end: OFFERED, events: [] }).problems;

test('what may happen in a race is no problem', () => {
	expect(
		judge(
			toOutcome(publish('1.0-1'), 'in'),
			toOutcome(publish('1.0-1', 'other'), 'stopped', { code: 'APT_VERSION_TAKEN' }),
			toOutcome({ kind: 'rollback', subjects: [] }, 'not-ours'),
		),
	).toEqual([]);
});

test.each<readonly [string, readonly Outcome[], RegExp]>([
	['what is in is not there', [toOutcome(publish('1.1-1'), 'in')], /1\.1-1 is in, and it is not there/],
	[
		'a stop without a reason',
		[
			toOutcome(publish('1.0-1'), 'stopped', { code: 'APT_VERSION_TAKEN' }),
			toOutcome(publish('1.0-1'), 'in'),
		],
		/stopped for no reason/,
	],
	[
		'a stop with another code',
		[
			toOutcome(publish('1.0-1'), 'stopped', { code: 'STORE_BUSY' }),
			toOutcome(publish('1.0-1', 'other'), 'in'),
		],
		/STORE_BUSY/,
	],
	[
		'nobody won',
		[
			toOutcome(publish('1.0-1'), 'stopped', { code: 'APT_VERSION_TAKEN' }),
			toOutcome(publish('1.0-1', 'other'), 'stopped', { code: 'APT_VERSION_TAKEN' }),
		],
		/nobody got greet 1\.0-1 in/,
	],
	[
		'an exit status that says otherwise',
		[toOutcome(publish('1.0-1'), 'in', { exitCode: 1 })],
		/expected exit status 0, got 1/,
	],
])('%s is one', (_name, outcomes, expected) => {
	expect(judge(...outcomes)).toContainEqual(expect.stringMatching(expected));
});

test('a process that crashed is one', () => {
	const crashed = { name: 'p1', exitCode: null, events: [], ending: undefined, errors: 'out of memory' };
	expect(judge({ job: publish('1.0-1'), finished: crashed })).toContainEqual(
		expect.stringContaining('ended with a signal and without a word: out of memory'),
	);
});

test('ends, conflicts and plans are counted', () => {
	const outcomes = [toOutcome(publish('1.0-1'), 'in'), toOutcome(publish('1.0-1'), 'in')];
	expect(judgeRace(outcomes, { start: OFFERED, end: OFFERED, events: [] })).toMatchObject({
		ends: { in: 2 },
		conflicts: 4,
		replans: 2,
	});
});
