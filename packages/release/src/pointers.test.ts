// Pointers that are not where a plan saw them: before the first one moves, at the last moment, and on the way back.
import type { Publisher } from '@slipway/core';
import { toManifest, withYard } from './phases.fixture.ts';
import { restore } from './restore.ts';

const yard = withYard();

describe('the pointers before the first one moves', () => {
	const answering = (answer: (request: Parameters<Publisher['preflight']>[0]) => unknown): Publisher[] => {
		const real = yard().simulated('two');
		const preflight: Publisher['preflight'] = async (asking, given) =>
			asking.operation === 'status'
				? (answer(asking) as ReturnType<Publisher['preflight']>)
				: real.preflight(asking, given);
		return [yard().publisher('one'), yard().publisher('two', { preflight })];
	};
	const found = (severity: 'error' | 'warning', code: string) => ({
		severity,
		code,
		message: 'm',
		hint: 'h',
	});
	const seen = (current: string | null) => (asking: Parameters<Publisher['preflight']>[0]) => ({
		findings: [found('warning', 'A')],
		subjects: 'subjects' in asking ? asking.subjects.map((subject) => ({ subject, current })) : [],
	});

	test.each<[string, Parameters<typeof answering>[0], string]>([
		[
			'errors',
			(asking) => ({
				...seen(null)(asking),
				findings: [found('error', 'A'), found('warning', 'B'), found('error', 'C')],
			}),
			'pointers cannot be read: two: A m, C m',
		],
		[
			'no word on a subject',
			() => ({ findings: [], subjects: [] }),
			'pointers cannot be read: two: no answer',
		],
		['a surprise', () => Promise.reject(new Error('boom')), 'check pointers: boom'],
		[
			'another value',
			seen('0.9.0'),
			'two: pkg:two/demo default: expected nothing, got 0.9.0: somebody else moved it',
		],
	])('%s: held, and nothing moved', async (_name, answer, reason) => {
		const report = await yard().run({ publishers: answering(answer) });
		expect(report).toMatchObject({
			state: 'HELD',
			reason,
			next: reason.includes('moved') ? 'slipway continue 1.0.0 --repoint' : 'slipway continue 1.0.0',
		});
		expect([...yard().one.pointers, ...yard().two.pointers]).toEqual([]);
	});

	test('a value that is gone is not what the plan saw either', async () => {
		await yard().run();
		const report = await yard().run({ manifest: toManifest('1.1.0'), publishers: answering(seen(null)) });
		expect(report.reason).toBe(
			'two: pkg:two/demo default: expected 1.0.0, got nothing: somebody else moved it',
		);
		expect(report.subjects.at(-1)?.pointer.current).toBeNull();
	});

	test('a warning, and what is ours already, is no reason to stop', async () => {
		expect((await yard().run({ publishers: answering(seen('1.0.0')) })).state).toBe('COMPLETED');
	});
});

describe('a pointer that somebody moves at the last moment', () => {
	const moving = (current: string | null): Publisher[] => [
		yard().publisher('one'),
		yard().publisher('two', {
			expose: async (subjects) =>
				subjects.map((subject) => ({ subject, outcome: 'moved' as const, current })),
		}),
	];

	test.each([
		['2.0.0', '2.0.0'],
		[null, 'nothing'],
	])('to %s: held, and said', async (current, text) => {
		const report = await yard().run({ publishers: moving(current) });
		expect(report).toMatchObject({
			state: 'HELD',
			reason: `two: pkg:two/demo default is now ${text}: somebody else moved it`,
			next: 'slipway continue 1.0.0 --repoint',
		});
		expect(report.subjects.at(-1)).toMatchObject({
			state: 'hidden',
			problem: `the pointer was moved to ${text} by somebody else`,
			pointer: { current },
		});
		expect(report.subjects[0]).toMatchObject({ state: 'exposed', pointer: { current: '1.0.0' } });
		expect(report.subjects[0]?.problem).toBeUndefined();
	});

	test('a restore cannot be planned afresh: no command goes on', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		const again = {
			...yard().request({ publishers: moving('2.0.0') }),
			version: '1.0.0',
			reason: null,
			act: true,
		};
		expect(await restore(again, yard().context)).toMatchObject({
			operation: 'restore',
			state: 'HELD',
			next: null,
		});
	});
});

describe('what cannot go back', () => {
	const withdrawing = (remains: readonly string[]): Publisher[] => [
		yard().publisher('one'),
		yard().publisher('two', {
			withdraw: async (subjects) =>
				subjects.map((subject) => ({ subject, outcome: 'already' as const, current: '1.0.0', remains })),
			verify: async (subjects) => subjects.map((subject) => ({ subject, client: 'none', checks: [] })),
		}),
	];

	test.each([
		[['npm keeps it'], 'npm keeps it'],
		[[], 'still the default'],
	])('%j: held for good, and said', async (remains, text) => {
		await yard().run();
		const report = await yard().undo('1.0.0', { publishers: withdrawing(remains) });
		expect(report).toMatchObject({
			state: 'HELD',
			next: null,
			reason: `two: pkg:two/demo: ${text}. Release a higher version to replace it`,
		});
		expect(report.subjects.map(({ state, problem }) => [state, problem])).toEqual([
			['withdrawn', undefined],
			['withdrawn', undefined],
			['exposed', 'the pointer cannot move back'],
		]);
	});

	test.each([
		['2.0.0', '2.0.0'],
		[null, 'nothing'],
	])('a pointer at %s by now is left alone', async (current, text) => {
		await yard().run();
		await yard().run({ manifest: toManifest('1.1.0') });
		const withdraw: Publisher['withdraw'] = async (subjects) =>
			subjects.map((subject) => ({ subject, outcome: 'not-ours' as const, current, remains: [] }));
		const publishers = [yard().publisher('one'), yard().publisher('two', { withdraw })];
		const report = await yard().undo('1.1.0', { publishers });
		expect(report.subjects.at(-1)).toMatchObject({
			state: 'hidden',
			problem: `left alone: the pointer names ${text}, which is not ours`,
		});
	});
});
