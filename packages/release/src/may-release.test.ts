// What a release may follow, where it may go on, and what becomes of one that cannot be shown everywhere.
import type { Finding, Publisher } from '@slipway/core';
import { abort } from './abort.ts';
import { continueOperation } from './continue.ts';
import { claimOnly } from './parts.ts';
import { NO, problem, toManifest, withYard } from './phases.fixture.ts';
import { restore } from './restore.ts';

const yard = withYard();
const back = () => ({ ...yard().request(), version: '1.0.0', reason: 'it is bad', act: true });
const again = () => yard().run({ run: { key: '43/1', actor: 'tester' } });
const cut = (number: number) =>
	yard().journal.store.write([{ kind: 'remove', path: `fences/demo/00000${number}-end.json` }]);
/** Claimed, and held before anything is shown. */
const breakOff = async () => {
	yard().two.fault = () => 'refused';
	await yard().run();
	yard().two.fault = () => undefined;
};
const refused = (message: RegExp | string, hint: RegExp | string) => ({
	code: 'OPERATION_REFUSED',
	message: typeof message === 'string' ? message : expect.stringMatching(message),
	hint: typeof hint === 'string' ? hint : expect.stringMatching(hint),
});

describe('what was taken back is not released again by accident', () => {
	test('aborted', async () => {
		await breakOff();
		await abort(back(), yard().context);
		await expect(again()).rejects.toMatchObject(
			refused('1.0.0 was aborted; its version number may be used up', 'Release the next version.'),
		);
	});

	test('rolled back', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		await expect(again()).rejects.toMatchObject(
			refused('1.0.0 was rolled back', /^Bring it back with: slipway restore 1\.0\.0 --yes, or release/),
		);
	});

	test('brought back again: it may', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		await restore(back(), yard().context);
		expect((await again()).state).toBe('COMPLETED');
	});

	test('a restore, a rollback, an abort that were cut off go on as they are', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		await cut(2);
		await expect(again()).rejects.toMatchObject(
			refused(
				'rollback of 1.0.0 has begun and not come to its end (cut off)',
				'Finish it first: slipway continue 1.0.0; on GitHub start the operation rollback again.',
			),
		);
		await restore(back(), yard().context);
		await cut(3);
		await expect(again()).rejects.toMatchObject(
			refused(/^restore of 1\.0\.0 .*\(cut off\)$/, /restore again/),
		);
	});

	test('held on its way back', async () => {
		await yard().run();
		yard().two.fault = () => 'refused';
		await yard().undo('1.0.0');
		yard().two.fault = () => undefined;
		await expect(again()).rejects.toMatchObject(
			refused(/^rollback of 1\.0\.0 .*\(HELD\)$/, /rollback again/),
		);
	});
});

describe('the places of a plan', () => {
	test('are those it was made for', async () => {
		await breakOff();
		const publishers = (['one', 'two'] as const).map((id) =>
			yard().publisher(id, { description: `elsewhere ${id}` }),
		);
		await expect(yard().run({ publishers })).rejects.toMatchObject(
			refused(
				'one: planned for simulated one, configured is elsewhere one; two: planned for simulated two, configured is elsewhere two',
				'Configure the targets as they were when the release began.',
			),
		);
		expect(await yard().journal.readFenceNumber()).toBe(1);
	});

	test('are all configured', async () => {
		await breakOff();
		const publishers = [yard().publisher('one')];
		expect(await yard().run({ publishers })).toMatchObject({
			state: 'HELD',
			reason: expect.stringContaining(
				'PUBLISHER_MISSING the plan of demo 1.0.0 has a target "two" that is not configured (do: Put target "two" back',
			),
		});
	});

	test('and the Release is of their project', async () => {
		const manifest = { ...toManifest('1.0.0'), project: 'other' };
		await expect(yard().run({ manifest })).rejects.toMatchObject(
			refused('the Release folder is of other, the project is demo', /--release/),
		);
		await yard().run();
		const bad = toManifest('1.0.0').artifacts.map((artifact) => ({ ...artifact, name: `x${artifact.name}` }));
		expect(await yard().run({ manifest: { ...toManifest('1.0.0'), artifacts: bad } })).toMatchObject({
			state: 'STOPPED_MISMATCH',
			reason: expect.stringMatching(
				/^the Release folder does not hold what was planned: .* not in the Release; .* not in the Release$/,
			),
		});
	});
});

describe('a run that goes on with an older plan asks every target first', () => {
	const finding = (...findings: Finding[]): { publishers: Publisher[]; asked: string[] } => {
		const asked: string[] = [];
		const real = yard().simulated('two');
		const preflight: Publisher['preflight'] = async (request, context) => {
			asked.push(request.operation);
			const answer = await real.preflight(request, context);
			return request.operation === 'rollback' ? { ...answer, findings } : answer;
		};
		return { publishers: yard().publishers({ preflight }), asked };
	};
	const found = (code: string, more: Partial<Finding> = {}): Finding => ({
		severity: 'error',
		code,
		message: 'is so',
		hint: 'mend it',
		...more,
	});

	test('the first run has just asked', async () => {
		const { publishers, asked } = finding(found('A_A'));
		expect((await yard().run({ publishers })).state).toBe('COMPLETED');
		expect(asked).toEqual(['release', 'status']);
	});

	test('another release on record is none of its past', async () => {
		await yard().run();
		const { publishers, asked } = finding(found('A_A'));
		expect((await yard().run({ manifest: toManifest('1.1.0'), publishers })).state).toBe('COMPLETED');
		expect(asked).not.toContain('rollback');
	});

	test('an error holds it; what stands in the way back alone, and a warning, do not', async () => {
		await breakOff();
		const bad = finding(
			found('A_A'),
			found('B_B', { onlyBack: true, message: 'no way back' }),
			found('W_W', { severity: 'warning' }),
			found('C_C'),
		);
		expect(await yard().run({ publishers: bad.publishers })).toMatchObject({
			state: 'HELD',
			reason: 'two: A_A is so (do: mend it); two: C_C is so (do: mend it)',
		});
		expect(yard().context.lines.filter((line) => line.includes('there may be no way back'))).toEqual([
			'warning two: there may be no way back from this release: no way back',
		]);
		yard().renew();
		const good = finding(found('B_B', { onlyBack: true }), found('W_W', { severity: 'warning' }));
		expect((await yard().run({ publishers: good.publishers })).state).toBe('COMPLETED');
		expect(yard().context.lines.filter((line) => line.startsWith('warning'))).toEqual([
			'warning two: there may be no way back from this release: is so',
		]);
	});

	test('also a second job of one that was only claimed', async () => {
		await claimOnly(yard().request(), yard().context);
		const { publishers, asked } = finding(found('A_A'));
		expect((await yard().run({ publishers })).state).toBe('HELD');
		expect(asked).toContain('rollback');
	});
});

describe('a release that cannot be shown everywhere', () => {
	const hiding = (id: 'one' | 'two', more: Partial<Publisher>): Publisher => {
		const real = yard().simulated(id);
		return yard().publisher(id, {
			preflight: async (asking, context) => {
				const answer = await real.preflight(asking, context);
				const subjects = answer.subjects.map(({ subject, current }) => ({
					current,
					subject: { ...subject, mode: { name: 'open', hides: false } },
				}));
				return { ...answer, subjects };
			},
			...more,
		});
	};

	test('is withdrawn everywhere, and that is recorded', async () => {
		const reasons: unknown[] = [];
		const real = yard().simulated('one');
		const publishers = [
			yard().publisher('one', {
				withdraw: (subjects, from, change) => {
					reasons.push([from, change.reason]);
					return real.withdraw(subjects, from, change);
				},
			}),
			yard().publisher('two', { expose: () => Promise.reject(problem('A_A')) }),
		];
		const report = await yard().run({ publishers, onFailure: 'rollback' });
		expect(report).toMatchObject({ operation: 'release', state: 'ROLLED_BACK', reason: `two: A_A ${NO}` });
		expect(reasons[0]).toEqual(['exposed', 'release 1.0.0 could not be exposed everywhere']);
		expect((await yard().outcomes('1.0.0'))['000001-compensate.json']).toEqual({
			phase: 'compensate',
			reason: `two: A_A ${NO}`,
		});
	});

	test('and cannot be withdrawn either: held, with both reasons', async () => {
		const withdraw = () => Promise.reject(problem('B_B'));
		const publishers = [
			yard().publisher('one', { withdraw }),
			yard().publisher('two', { expose: () => Promise.reject(problem('A_A')) }),
		];
		expect(await yard().run({ publishers, onFailure: 'rollback' })).toMatchObject({
			state: 'HELD',
			reason: `two: A_A ${NO}; then withdrawing failed: one: B_B ${NO}`,
		});
	});

	test('and whose pointer stays where it is: held', async () => {
		yard().one.keepsPointers = true;
		const publishers = yard().publishers({ expose: () => Promise.reject(problem('A_A')) });
		expect(await yard().run({ publishers, onFailure: 'rollback' })).toMatchObject({
			state: 'HELD',
			reason: expect.stringContaining(`two: A_A ${NO}; then withdrawing failed: `),
		});
	});

	test('because what cannot hide was refused: withdrawn too', async () => {
		const publishers = [
			yard().publisher('one'),
			hiding('two', { upload: () => Promise.reject(problem('A_A')) }),
		];
		const report = await yard().run({ publishers, onFailure: 'rollback' });
		expect(report).toMatchObject({ state: 'ROLLED_BACK' });
		expect(yard().asked.some((call) => call.startsWith('withdraw'))).toBe(true);
	});

	test.each(['upload', 'check'])('but not one that is held before anything is shown (%s)', async (what) => {
		const upload = () => Promise.reject(problem('A_A'));
		const publishers = yard().publishers(what === 'upload' ? { upload } : {});
		const boundary = async (moment: 'upload' | 'expose') =>
			what === 'check' && moment === 'expose'
				? [{ severity: 'error' as const, code: 'A_A', message: 'm', hint: 'h' }]
				: [];
		expect((await yard().run({ publishers, boundary, onFailure: 'rollback' })).state).toBe('HELD');
		expect(yard().asked.some((call) => call.startsWith('withdraw'))).toBe(false);
	});

	test('nor one that waits for time or shows other bytes', async () => {
		const probe: Publisher['probe'] = async () => ({ state: 'mismatch', found: {} });
		const publishers = [yard().publisher('one'), hiding('two', { probe })];
		expect((await yard().run({ publishers, onFailure: 'rollback' })).state).toBe('STOPPED_MISMATCH');
		expect(yard().asked.some((call) => call.startsWith('withdraw'))).toBe(false);
	});
});

test('going on without a plan is refused', async () => {
	await expect(continueOperation({ ...back(), manifest: undefined }, yard().context)).rejects.toMatchObject({
		code: 'PLAN_MISSING',
	});
});
