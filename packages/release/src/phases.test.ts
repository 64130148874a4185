// The phases of a transaction one by one: what each asks of a target, how often, what it says and what it records.
import type { Publisher } from '@slipway/core';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import { NO, PURLS, problem, SHA256, toManifest, withYard } from './phases.fixture.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const LOST = problem('SIMULATED_LOST');
const REFUSED = problem('SIMULATED_REFUSED');
const yard = withYard();

const toPlanned = (subject: string, version: string, previous: string | null) => {
	const [target = '', name] = subject.split('/');
	const file = `${target}-${name}-${version}.bin`;
	return {
		target,
		description: `simulated ${target}`,
		subject: `pkg:${subject}`,
		version,
		mode: 'tag',
		artifacts: [{ name: file, sha256: SHA256 }],
		pointer: { name: 'default', previous, next: version, current: version },
	};
};

test('a release says where everything is, who looked, and what each phase took', async () => {
	const report = await yard().run();
	const subjects = PURLS.map((purl) => ({
		...toPlanned(purl, '1.0.0', null),
		state: 'exposed',
		verifiedBy: ['simulated client'],
		remains: [],
	}));
	const [plan] = await yard().journal.readPlans('1.0.0');
	expect(plan?.targets.map(({ id }) => id)).toEqual(['one', 'two']);
	expect(report).toEqual({
		operation: 'release',
		dryRun: false,
		partial: false,
		project: 'demo',
		version: '1.0.0',
		releaseId: expect.stringMatching(/^[0-9a-f]{64}$/),
		state: 'COMPLETED',
		reason: 'every target shows this release',
		subjects,
		phases: [
			'check targets',
			'check the release',
			'upload hidden',
			'verify hidden',
			'check the release again',
			'check pointers',
			'publish what cannot hide',
			'expose',
			'verify as a consumer',
		].map((name) => ({ name, ms: 0 })),
		next: null,
	});
	for (const line of [
		'uploading one-demo-1.0.0.bin',
		'verifying (hidden)',
		'exposing',
		'verifying (exposed)',
	])
		expect(yard().context.lines).toContain(`info one: ${line}`);
	const records = await yard().outcomes('1.0.0');
	expect(Object.keys(records)).toEqual([
		'000001-end.json',
		'000001-expose-one.json',
		'000001-expose-two.json',
		'000001-upload-one-0.json',
		'000001-upload-one-1.json',
		'000001-upload-two-2.json',
		'000001-verify-exposed-one.json',
		'000001-verify-exposed-two.json',
		'000001-verify-hidden-one.json',
		'000001-verify-hidden-two.json',
	]);
	const pointer = { name: 'default', previous: null, next: '1.0.0' };
	expect(records['000001-expose-one.json']).toEqual({
		phase: 'expose',
		target: 'one',
		pointers: [
			{ subject: 'pkg:one/demo', ...pointer },
			{ subject: 'pkg:one/extra', ...pointer },
		],
	});
	expect(records['000001-upload-two-2.json']).toEqual({
		phase: 'upload',
		target: 'two',
		subject: 'pkg:two/demo',
		version: '1.0.0',
		digests: [{ name: 'two-demo-1.0.0.bin', sha256: SHA256 }],
	});
	expect(records['000001-verify-exposed-two.json']).toEqual({
		phase: 'verify exposed',
		target: 'two',
		verified: [
			{ subject: 'pkg:two/demo', version: '1.0.0', client: 'simulated client', checks: ['pointer'] },
		],
	});
	expect(records['000001-end.json']).toEqual({
		phase: 'end',
		time: '2026-01-02T03:04:05.000Z',
		state: 'COMPLETED',
		reason: 'every target shows this release',
		subjects,
	});
});

test('a rollback says what it left, and goes the other way round', async () => {
	await yard().run();
	await yard().run({ manifest: toManifest('1.1.0') });
	yard().renew();
	const report = await yard().undo('1.1.0');
	expect(yard().asked.slice(0, 3)).toEqual([
		'withdraw two: pkg:two/demo',
		'withdraw one: pkg:one/extra',
		'withdraw one: pkg:one/demo',
	]);
	expect(report).toMatchObject({
		operation: 'rollback',
		state: 'ROLLED_BACK',
		reason: 'it is bad',
		next: 'slipway restore 1.1.0 --yes',
		subjects: PURLS.map((purl) => ({
			...toPlanned(purl, '1.1.0', '1.0.0'),
			pointer: { name: 'default', previous: '1.0.0', next: '1.1.0', current: '1.0.0' },
			state: 'withdrawn',
			verifiedBy: ['simulated client'],
			remains: ['its bytes'],
		})),
	});
	expect(yard().context.lines).toContain('info one: withdrawing');
	expect((await yard().outcomes('1.1.0'))['000003-withdraw-one.json']).toEqual({
		phase: 'withdraw exposed',
		target: 'one',
		reason: 'it is bad',
		pointers: ['demo', 'extra'].map((name) => ({
			subject: `pkg:one/${name}`,
			name: 'default',
			previous: '1.0.0',
			next: '1.1.0',
			current: '1.0.0',
		})),
	});
});

test.each([
	['each', ['expose one: pkg:one/demo', 'expose one: pkg:one/extra']],
	['all', ['expose one: pkg:one/demo pkg:one/extra']],
] as const)('a target that takes %s is asked so', async (batch, expected) => {
	const { traits } = yard().publisher('one');
	await yard().run({
		publishers: [yard().publisher('one', { traits: { ...traits, batch } }), yard().publisher('two')],
	});
	expect(yard().asked.filter((call) => call.startsWith('expose one'))).toEqual(expected);
});

describe('a change that fails', () => {
	const exposing = (thrown: unknown, times: number): Publisher[] => {
		let left = times;
		const expose: Publisher['expose'] = async (...args) => {
			left -= 1;
			if (left >= 0) throw thrown;
			return yard()
				.simulated('two')
				.expose(...args);
		};
		return [yard().publisher('one'), yard().publisher('two', { expose })];
	};
	const tries = () => yard().asked.filter((call) => call.startsWith('expose two')).length;

	test('is tried again where time can heal it, after longer and longer waits', async () => {
		const report = await yard().run({ publishers: exposing(LOST, MAX_TRIES - 1) });
		expect(report.state).toBe('COMPLETED');
		expect(tries()).toBe(MAX_TRIES);
		const seed = `${report.releaseId} change two`;
		const waits = [1, 2, 3, 4].map((attempt) => toBackoffMs(attempt, seed));
		expect(yard().clock.now() - NOW).toBe(waits.reduce((sum, ms) => sum + ms, 0));
		expect(report.phases.find(({ name }) => name === 'expose')?.ms).toBe(yard().clock.now() - NOW);
		expect(yard().context.lines).toContain(`warning two: SIMULATED_LOST ${NO}; trying again`);
	});

	test.each([
		['that time does not heal', LOST, MAX_TRIES],
		['that was refused for good', REFUSED, 1],
	])('one %s holds the release, and the subject says why', async (_name, thrown, expected) => {
		const report = await yard().run({ publishers: exposing(thrown, 100) });
		expect(tries()).toBe(expected);
		const reason = `two: ${thrown.code} ${NO}`;
		expect(report).toMatchObject({ state: 'HELD', reason, next: 'slipway continue 1.0.0' });
		expect(report.subjects.map((subject) => [subject.state, subject.problem])).toEqual([
			['exposed', undefined],
			['exposed', undefined],
			['hidden', `${thrown.code} ${NO}`],
		]);
		expect(yard().asked).not.toContain('verify exposed one: pkg:one/demo pkg:one/extra');
		expect(Object.keys(await yard().outcomes('1.0.0'))).not.toContain('000001-expose-two.json');
	});

	test('a way back that fails keeps no other target, and the subject says why', async () => {
		await yard().run();
		yard().renew();
		const withdraw = async () => Promise.reject(REFUSED);
		const report = await yard().undo('1.0.0', {
			publishers: [yard().publisher('one'), yard().publisher('two', { withdraw })],
		});
		expect(report).toMatchObject({ state: 'HELD', reason: `two: SIMULATED_REFUSED ${NO}` });
		expect(report.subjects.map(({ state, problem }) => [state, problem])).toEqual([
			['withdrawn', undefined],
			['withdrawn', undefined],
			['unknown', `SIMULATED_REFUSED ${NO}`],
		]);
	});
});

describe('a look that does not verify', () => {
	/** Fails the first `times` looks at `state`, then sees what there is. */
	const blind = (
		state: string,
		thrown: unknown,
		times: number,
		more: Partial<Publisher> = {},
	): Publisher[] => {
		const real = yard().simulated('two');
		let left = times;
		const verify: Publisher['verify'] = async (...args) => {
			if (args[1] === state) left -= 1;
			if (args[1] === state && left >= 0) throw thrown;
			return real.verify(...args);
		};
		return [yard().publisher('one'), yard().publisher('two', { verify, ...more })];
	};
	const looks = (state: string) =>
		yard().asked.filter((call) => call.startsWith(`verify ${state} two`)).length;

	test.each(['hidden', 'exposed'])('%s: looks again as long as a change may take to show', async (state) => {
		const report = await yard().run({ publishers: blind(state, LOST, 3) });
		expect(report.state).toBe('COMPLETED');
		expect(looks(state)).toBe(4);
		const waits = [1, 2, 3].map((attempt) => toBackoffMs(attempt, `${report.releaseId} verify two`));
		expect(yard().clock.now() - NOW).toBe(waits.reduce((sum, ms) => sum + ms, 0));
		expect(yard().context.lines).toContain(`debug two: SIMULATED_LOST ${NO}; looking again`);
	});

	test.each([
		['hidden', 60_000, LOST],
		['exposed', 60_000, LOST],
		['hidden', 0, REFUSED],
		['exposed', 0, REFUSED],
	])('%s: held after %d ms', async (state, ms, thrown) => {
		const report = await yard().run({ publishers: blind(state, thrown, 1_000_000) });
		const reason = `two: ${thrown.code} ${NO}`;
		expect(report).toMatchObject({ state: 'HELD', reason, next: 'slipway continue 1.0.0' });
		expect(yard().clock.now() - NOW).toBe(ms);
		if (ms === 0) expect(looks(state)).toBe(1);
		expect(report.subjects.at(-1)?.problem).toBe(reason);
		expect(report.subjects[0]).toMatchObject({
			state,
			verifiedBy: state === 'hidden' ? [] : ['simulated client'],
		});
		expect(yard().asked.some((call) => call.startsWith('expose'))).toBe(state === 'exposed');
	});

	test.each([
		['hidden', 'slipway abort 1.0.0 --reason TEXT'],
		['exposed', 'slipway rollback 1.0.0 --reason TEXT --yes'],
	])('%s, because other bytes are there: stopped at once, and the way back is named', async (state, next) => {
		let looked = false;
		const real = yard().simulated('two');
		const probe: Publisher['probe'] = async (artifact, ...rest) =>
			looked && artifact.name === 'two-demo-1.0.0.bin'
				? { state: 'mismatch', found: { sha256: 'b' } }
				: real.probe(artifact, ...rest);
		const [first, second] = blind(state, LOST, 1_000_000, { probe });
		if (!first || !second) throw new Error('no publishers');
		const verify: Publisher['verify'] = (...args) => {
			looked = args[1] === state;
			return second.verify(...args);
		};
		const report = await yard().run({ publishers: [first, { ...second, verify }] });
		expect(report).toMatchObject({ state: 'STOPPED_MISMATCH', next, reason: `two: SIMULATED_LOST ${NO}` });
		expect(looks(state)).toBe(1);
	});

	test('and a target that does not answer then is no reason to say that other bytes are there', async () => {
		let looked = false;
		const real = yard().simulated('two');
		const probe: Publisher['probe'] = async (...args) =>
			looked ? Promise.reject(new Error('no answer')) : real.probe(...args);
		const [first, second] = blind('exposed', REFUSED, 1, { probe });
		if (!first || !second) throw new Error('no publishers');
		const verify: Publisher['verify'] = (...args) => {
			looked = args[1] === 'exposed';
			return second.verify(...args);
		};
		const report = await yard().run({ publishers: [first, { ...second, verify }] });
		expect(report).toMatchObject({ state: 'HELD', reason: `two: SIMULATED_REFUSED ${NO}` });
	});

	test('of a run that was cancelled ends it', async () => {
		const stop = new Error('cancelled');
		const [first, second] = blind('hidden', LOST, 1);
		if (!first || !second) throw new Error('no publishers');
		const verify: Publisher['verify'] = async () => {
			yard().context.abort(stop);
			throw LOST;
		};
		await expect(yard().run({ publishers: [first, { ...second, verify }] })).rejects.toBe(LOST);
		expect((await yard().journal.readHistory())[0]?.end).toBeNull();
	});

	test('a release that must not stay half seen is withdrawn again', async () => {
		const report = await yard().run({ publishers: blind('exposed', REFUSED, 1), onFailure: 'rollback' });
		expect(report).toMatchObject({ state: 'ROLLED_BACK', reason: `two: SIMULATED_REFUSED ${NO}` });
		expect([...yard().one.pointers, ...yard().two.pointers]).toEqual([]);
		expect(yard().context.lines).toContain(
			`warning two: SIMULATED_REFUSED ${NO}. Withdrawing what was exposed`,
		);
	});
});
