// Ways back and forth again: what each would do, what refuses it, what it says; and a look that changes nothing.
import type { Artifact, Finding, Publisher, Subject } from '@slipway/core';
import { abort } from './abort.ts';
import type { Boundary } from './boundary.ts';
import { continueOperation } from './continue.ts';
import { claimOnly } from './parts.ts';
import { NO, PURLS, problem, toManifest, withYard } from './phases.fixture.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';
import { verifyRelease } from './verify-release.ts';

const yard = withYard();
const project = (publishers: Publisher[] = yard().publishers(), key = '42/1') => ({
	journal: yard().journal,
	publishers,
	run: { key, actor: 'tester' },
	version: '1.0.0',
	reason: 'it is bad',
	act: true,
});
const found = (severity: Finding['severity'], code: string): Finding => ({
	severity,
	code,
	message: 'is so',
	hint: `mend ${code}`,
});
const toSubject = (purl: string, previous: string | null): Subject => {
	const [target = ''] = purl.split('/');
	const artifact = toManifest('1.0.0').artifacts.find((one) => one.purl.startsWith(`pkg:${purl}@`));
	return {
		target,
		id: `pkg:${purl}`,
		version: '1.0.0',
		artifacts: [artifact as Artifact],
		mode: { name: 'tag', hides: true },
		pointer: { name: 'default', previous, next: '1.0.0' },
		dependsOn: [],
	};
};

/** Both targets, whose preflight of one operation answers so. */
const answering = (
	operation: string,
	answer: (id: 'one' | 'two') => Awaited<ReturnType<Publisher['preflight']>>,
): Publisher[] =>
	(['one', 'two'] as const).map((id) => {
		const real = yard().simulated(id);
		return yard().publisher(id, {
			preflight: async (asking, context) =>
				asking.operation === operation ? answer(id) : real.preflight(asking, context),
		});
	});
const recovering = (previous: string | null, purls: readonly string[] = PURLS): Publisher[] =>
	answering('recover', (id) => ({
		findings: [],
		subjects: purls
			.filter((purl) => purl.startsWith(id))
			.map((purl) => ({ subject: toSubject(purl, previous), current: '1.0.0' })),
	}));
const refusing = (operation: string): Publisher[] =>
	answering(operation, (id) => ({
		findings: id === 'one' ? [found('warning', 'W_W')] : [found('error', 'A_A'), found('error', 'B_B')],
		subjects: [],
	}));
const pointers = () => [...yard().one.pointers.values(), ...yard().two.pointers.values()];
const forget = async () => {
	for (const path of await yard().journal.store.list(''))
		await yard().journal.store.write([{ kind: 'remove', path }]);
};

describe('a rollback', () => {
	test('says what it would move, in its order, and changes nothing', async () => {
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		await yard().run();
		yard().one.pointers.delete('pkg:one/demo');
		yard().one.pointers.set('pkg:one/extra', '2.0.0');
		const report = await rollback({ ...project(), act: false }, yard().context);
		expect(report).toMatchObject({
			operation: 'rollback',
			dryRun: true,
			state: 'HELD',
			reason:
				'dry run, nothing was changed. Would move two: pkg:two/demo default: 1.0.0 -> 0.9.0; ' +
				'one: pkg:one/extra default: left alone, 2.0.0 is not ours; one: pkg:one/demo default: already nothing',
			next: 'slipway rollback 1.0.0 --reason TEXT --yes',
		});
		expect(await yard().journal.readFenceNumber()).toBe(1);
		expect(pointers()).toEqual(['2.0.0', '1.0.0']);
	});

	test('to nothing, and of what is gone, says so', async () => {
		await yard().run();
		yard().two.pointers.delete('pkg:two/demo');
		const dry = await rollback({ ...project(), act: false }, yard().context);
		expect(dry.reason).toContain('one: pkg:one/demo default: 1.0.0 -> nothing');
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		await yard().run({ manifest: toManifest('1.1.0') });
		yard().two.pointers.delete('pkg:two/demo');
		const other = await rollback({ ...project(), version: '1.1.0', act: false }, yard().context);
		expect(other.reason).toContain('two: pkg:two/demo default: left alone, nothing is not ours');
	});

	test('without a record is planned from what the targets hold', async () => {
		await yard().run();
		await forget();
		const dry = await rollback({ ...project(recovering('0.9.0')), act: false, to: '0.9.0' }, yard().context);
		expect(dry).toMatchObject({
			state: 'COMPLETED',
			next: 'slipway rollback 1.0.0 --to 0.9.0 --reason TEXT --yes',
		});
		expect(await yard().journal.store.list('')).toEqual([]);
		const report = await rollback({ ...project(recovering('0.9.0')), to: '0.9.0' }, yard().context);
		expect(report).toMatchObject({ operation: 'rollback', state: 'ROLLED_BACK', reason: 'it is bad' });
		expect(pointers()).toEqual(['0.9.0', '0.9.0', '0.9.0']);
		const plans = await yard().journal.readPlans('1.0.0');
		expect(plans).toMatchObject([
			{
				mediaType: 'application/vnd.slipway.plan.v1+json',
				project: 'demo',
				version: '1.0.0',
				source: { repo: null, commit: null, ref: null },
				place: 'none: recovered from the targets, back to 0.9.0',
				targets: [
					{ id: 'one', description: 'simulated one' },
					{ id: 'two', description: 'simulated two' },
				],
				policy: { onFailure: 'hold' },
				evidence: { policy: null, report: null, gates: [] },
				line: null,
				repoints: null,
			},
		]);
		expect(plans[0]?.subjects.map(({ id }) => id)).toEqual(PURLS.map((purl) => `pkg:${purl}`));
	});

	test('to another release than the recorded one goes where it is told, and keeps the rest', async () => {
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		const { releaseId } = await yard().run();
		const publishers = recovering('0.5.0', ['one/demo']);
		const report = await rollback({ ...project(publishers), to: '0.5.0' }, yard().context);
		expect(report).toMatchObject({ state: 'ROLLED_BACK', releaseId });
		expect([...yard().one.pointers]).toEqual([['pkg:one/demo', '0.5.0']]);
		expect([...yard().two.pointers]).toEqual([['pkg:two/demo', '0.9.0']]);
		const plans = await yard().journal.readPlans('1.0.0');
		expect(plans.map(({ repoints }) => repoints)).toEqual([null, releaseId]);
	});

	test('to another release, of one subject in two targets, goes back target by target', async () => {
		const publishers = (['one', 'two'] as const).map((target, at) =>
			yard().publisher(target, {
				preflight: async ({ operation }) => {
					const planned = toSubject('one/demo', operation === 'recover' ? `0.5.${at}` : null);
					return { findings: [], subjects: [{ subject: { ...planned, target }, current: '1.0.0' }] };
				},
			}),
		);
		await claimOnly(yard().request({ publishers }), yard().context);
		const dry = await rollback({ ...project(publishers), act: false, to: '0.5.0' }, yard().context);
		expect(dry.reason).toMatch(
			/two: pkg:one\/demo default: 1\.0\.0 -> 0\.5\.1; one: pkg:one\/demo default: 1\.0\.0 -> 0\.5\.0$/,
		);
	});

	test.each<[string, () => Publisher[], string, string]>([
		[
			'what targets find',
			() => refusing('recover'),
			'1.0.0 cannot be rolled back to 0.9.0: two: A_A is so; two: B_B is so',
			'mend A_A\nmend B_B',
		],
		[
			'nothing there',
			() => recovering(null, []),
			'no target has 1.0.0',
			'Look at the version: slipway status.',
		],
	])('without a record is refused: %s', async (_name, publishers, message, hint) => {
		const attempt = rollback({ ...project(publishers()), to: '0.9.0' }, yard().context);
		await expect(attempt).rejects.toMatchObject({ code: 'OPERATION_REFUSED', message, hint });
	});

	test('is refused for what targets find, and of what was aborted', async () => {
		await yard().run();
		await expect(rollback(project(refusing('rollback')), yard().context)).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: '1.0.0 cannot be rolled back: two: A_A is so; two: B_B is so',
		});
		yard().two.fault = () => 'refused';
		await yard().run({ manifest: toManifest('1.1.0') });
		yard().two.fault = () => undefined;
		await abort({ ...project(), version: '1.1.0' }, yard().context);
		await expect(yard().undo('1.1.0')).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: '1.1.0 was aborted and never exposed',
			hint: expect.stringContaining('Release the next version'),
		});
		for (const purl of PURLS)
			yard()[purl.startsWith('one') ? 'one' : 'two'].pointers.set(`pkg:${purl}`, '1.1.0');
		expect((await yard().undo('1.1.0')).state).toBe('ROLLED_BACK');
	});
});

describe('a restore', () => {
	test('says first what it would do', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		expect(await restore({ ...project(), act: false }, yard().context)).toMatchObject({
			operation: 'restore',
			dryRun: true,
			state: 'ROLLED_BACK',
			reason: 'dry run, nothing was changed',
			next: 'slipway restore 1.0.0 --yes',
		});
		expect(pointers()).toEqual([]);
		const moments: string[] = [];
		const boundary: Boundary = async (moment) => {
			moments.push(moment);
			return [];
		};
		const report = await restore({ ...project(), boundary }, yard().context);
		expect(moments).toEqual(['expose']);
		expect(report).toMatchObject({
			operation: 'restore',
			state: 'COMPLETED',
			reason: 'every target shows this release again',
			next: null,
		});
		expect(report.phases.map(({ name }) => name)).toEqual([
			'check the release again',
			'check pointers',
			'expose',
			'verify as a consumer',
		]);
		expect(yard().asked.slice(-2).sort()).toEqual([
			'verify exposed one: pkg:one/demo pkg:one/extra',
			'verify exposed two: pkg:two/demo',
		]);
	});

	test('is refused for what targets find', async () => {
		await yard().run();
		await expect(restore(project(refusing('restore')), yard().context)).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: '1.0.0 cannot be restored: two: A_A is so; two: B_B is so',
			hint: 'mend A_A\nmend B_B',
		});
	});

	test.each(['ended', 'cut off'])('of what was aborted is refused, the abort %s', async (how) => {
		yard().two.fault = () => 'refused';
		await yard().run();
		yard().two.fault = () => undefined;
		await abort(project(), yard().context);
		if (how === 'cut off')
			await yard().journal.store.write([{ kind: 'remove', path: 'fences/demo/000002-end.json' }]);
		await expect(restore(project(), yard().context)).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: '1.0.0 was aborted and never exposed',
			hint: 'Release the next version.',
		});
	});
});

describe('an abort', () => {
	const breakOff = async () => {
		yard().two.fault = () => 'refused';
		await yard().run();
		yard().two.fault = () => undefined;
	};

	test('takes back what is hidden, for its reason', async () => {
		await breakOff();
		const seen: unknown[] = [];
		const publishers = yard().publishers({
			withdraw: async (subjects, from, { reason }) => {
				seen.push([subjects.map(({ id }) => id), from, reason]);
				return subjects.map((subject) => ({ subject, outcome: 'withdrawn', current: null, remains: ['x'] }));
			},
		});
		const report = await abort(project(publishers), yard().context);
		expect(report).toMatchObject({ operation: 'abort', state: 'ABORTED', reason: 'it is bad', next: null });
		expect(seen).toEqual([[['pkg:two/demo'], 'hidden', 'it is bad']]);
		expect(report.phases.map(({ name }) => name)).toEqual(['check that nothing is exposed', 'withdraw']);
		expect(report.subjects.at(-1)).toMatchObject({ state: 'withdrawn', remains: ['x'] });
	});

	test('is refused of what is exposed, and for what targets find', async () => {
		await breakOff();
		await expect(abort(project(refusing('abort')), yard().context)).rejects.toMatchObject({
			message: '1.0.0 cannot be aborted: two: A_A is so; two: B_B is so',
		});
		yard().two.pointers.set('pkg:two/demo', '1.0.0');
		yard().one.pointers.set('pkg:one/demo', '1.0.0');
		await expect(abort(project(), yard().context)).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: '1.0.0 is exposed already (one: pkg:one/demo, two: pkg:two/demo)',
			hint: 'Haul it back instead: slipway rollback 1.0.0 --reason TEXT --yes',
		});
	});

	test('that finds something exposed meanwhile is held', async () => {
		await breakOff();
		const real = yard().simulated('two');
		const preflight: Publisher['preflight'] = async (asking, context) => {
			const answer = await real.preflight(asking, context);
			if (asking.operation !== 'status') return answer;
			return { ...answer, subjects: answer.subjects.map((one) => ({ ...one, current: '1.0.0' })) };
		};
		expect(await abort(project(yard().publishers({ preflight })), yard().context)).toMatchObject({
			state: 'HELD',
			reason: 'exposed meanwhile: two: pkg:two/demo',
			next: 'slipway rollback 1.0.0 --reason TEXT --yes',
		});
	});
});

describe('what was begun goes on', () => {
	const goOn = (more: object = {}) =>
		continueOperation({ ...project(), manifest: undefined, onFailure: 'hold', ...more }, yard().context);
	const cut = async (number: number) =>
		yard().journal.store.write([{ kind: 'remove', path: `fences/demo/00000${number}-end.json` }]);
	const lastReason = async () => (await yard().journal.readHistory()).at(-1)?.fence.reason;

	test('with the Release of its version alone', async () => {
		await yard().run();
		await expect(goOn({ manifest: toManifest('1.1.0') })).rejects.toMatchObject({
			code: 'OPERATION_REFUSED',
			message: 'expected a Release folder of 1.0.0, got one of 1.1.0',
			hint: 'Name the Release folder of 1.0.0 with --release.',
		});
		expect(await goOn({ manifest: toManifest('1.0.0') })).toMatchObject({ operation: 'release' });
	});

	test.each(['release', 'nothing'])('a %s on record is released, from its plan', async (what) => {
		yard().two.fault = () => 'refused';
		await yard().run();
		yard().two.fault = () => undefined;
		if (what === 'nothing')
			for (const path of await yard().journal.store.list('fences'))
				await yard().journal.store.write([{ kind: 'remove', path }]);
		expect(await goOn()).toMatchObject({ operation: 'release', state: 'COMPLETED' });
	});

	test('a rollback, then a restore, an abort: each for the reason that was recorded', async () => {
		await yard().run();
		await yard().undo('1.0.0');
		expect(await goOn()).toMatchObject({ operation: 'status', state: 'ROLLED_BACK' });
		await cut(2);
		expect(await goOn({ reason: 'another' })).toMatchObject({ operation: 'rollback', state: 'ROLLED_BACK' });
		expect(await lastReason()).toBe('it is bad');
		await restore({ ...project(), reason: null }, yard().context);
		const last = (await yard().journal.readHistory()).length;
		await cut(last);
		expect(await goOn()).toMatchObject({ operation: 'restore', state: 'COMPLETED', dryRun: false });
	});

	test('an abort goes on, and one that ended is only looked at', async () => {
		yard().two.fault = () => 'refused';
		await yard().run();
		yard().two.fault = () => undefined;
		await abort(project(), yard().context);
		expect(await goOn()).toMatchObject({ operation: 'status', state: 'ABORTED' });
		await cut(2);
		expect(await goOn()).toMatchObject({ operation: 'abort', state: 'ABORTED', reason: 'it is bad' });
	});
});

describe('a look through the eyes of a consumer', () => {
	test('once, at every target; nothing is changed or recorded', async () => {
		await yard().run();
		const before = await yard().journal.store.list('');
		yard().renew();
		expect(await verifyRelease(project(), yard().context)).toMatchObject({
			operation: 'verify',
			state: 'COMPLETED',
			reason: 'every target serves the planned bytes by default',
			next: null,
			subjects: PURLS.map(() => ({ state: 'exposed', verifiedBy: ['simulated client'] })),
		});
		expect(yard().asked).toEqual([
			'verify exposed one: pkg:one/demo pkg:one/extra',
			'verify exposed two: pkg:two/demo',
		]);
		expect(await yard().journal.store.list('')).toEqual(before);
	});

	test('names every target that differs', async () => {
		await yard().run();
		const verify = () => Promise.reject(problem('A_A'));
		const publishers = [yard().publisher('one', { verify }), yard().publisher('two', { verify })];
		const report = await verifyRelease(project(publishers), yard().context);
		expect(report).toMatchObject({
			state: 'HELD',
			reason: `one: A_A ${NO}; two: A_A ${NO}`,
			next: 'slipway status 1.0.0',
		});
		expect(report.subjects.map((subject) => subject.problem)).toEqual(PURLS.map(() => `A_A ${NO}`));
	});
});
