import { SAMPLE } from './rehearsal-result.fixture.ts';
import type { RehearsalTarget } from './rehearsal-result.ts';
import { isTargetGood, toStations } from './stations.ts';
import { toTicks } from './time-line-section.ts';

const [GOOD] = SAMPLE.targets as readonly [RehearsalTarget];

test('four looks, each on the level of the version that it saw', () => {
	expect(toStations(GOOD).map(({ level, good }) => [level, good])).toEqual([
		['previous', true],
		['ours', true],
		['previous', true],
		['ours', true],
	]);
});

const cases: readonly [string, Partial<RehearsalTarget>][] = [
	['the release did not reach users', { pointerAfterRelease: '0.9.0' }],
	['the rollback did not', { pointerAfterRollback: '1.0.0' }],
	['the rollback led to another version', { pointerAfterRollback: '6.6.6' }],
	['the restore did not', { pointerAfterRestore: '0.9.0' }],
	['nobody looked after the restore', { pointerAfterRestore: undefined }],
	['no client verified it', { consumerVerified: false }],
];

test.each(cases)('not good: %s', (_name, change) => {
	expect(isTargetGood({ ...GOOD, ...change })).toBe(false);
});

test('good, also where nothing was there before', () => {
	expect(isTargetGood(GOOD)).toBe(true);
	expect(isTargetGood({ ...GOOD, pointerBefore: null, pointerAfterRollback: null })).toBe(true);
});

test.each([
	[800, 100, 8],
	[14_860, 2000, 7],
	[25_000, 5000, 5],
	[3_600_000, 600_000, 6],
])('%i ms have round ticks', (total, step, last) => {
	const ticks = toTicks(total);
	expect([ticks[1], ticks.length - 1]).toEqual([step, last]);
});
