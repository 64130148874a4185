import { testContext } from '@slipway/testing';
import { lookAtJournal } from './watch-journal.ts';
import type { Watch } from './watch-look.ts';

test.each([
	['release', 'continue'],
	['rollback', 'rollback'],
	['restore', 'restore'],
	['abort', 'abort'],
] as const)('a %s that was cut off goes on by the operation %s', async (operation, dispatched) => {
	const context = testContext('/nonexistent');
	const since = new Date(context.clock.now() - 7_200_000).toISOString();
	const unfinished = [{ version: '1.0.0', operation, actor: 'ada', state: null, reason: null, since }];
	const expected = { pointers: [], plans: [], completed: [], unfinished };
	const { findings } = await lookAtJournal({ expected, context } as unknown as Watch);
	expect(findings).toMatchObject([
		{
			severity: 'warning',
			code: 'WATCH_UNFINISHED',
			hint: expect.stringContaining(`operation ${dispatched}; or slipway continue 1.0.0`),
		},
	]);
});
