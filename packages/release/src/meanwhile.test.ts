// What happens beside an operation while it waits or looks: a clock that is set, another run, a target that is blind.
import type { Publisher } from '@slipway/core';
import { adoptPlan } from './adopt.ts';
import { problem, toManifest, withYard } from './phases.fixture.ts';
import { previewPlan } from './planning.ts';
import { rollback } from './rollback.ts';

const yard = withYard();

const DAY_MS = 24 * 60 * 60_000;

test.each([
	['ahead', DAY_MS],
	['back', -DAY_MS],
])('a clock that is set a day %s ends no look at what may still appear', async (_name, ms) => {
	let looks = 0;
	const real = yard().simulated('two');
	const verify: Publisher['verify'] = async (...given) => {
		looks += 1;
		if (looks === 1) yard().clock.advance(ms);
		if (looks < 4) throw problem('TWO_LATE');
		return real.verify(...given);
	};
	const traits = { ...real.traits, visibleWithin: 60_000 };
	const publishers = yard().publishers({ verify, traits, transient: ['TWO_LATE'] });
	expect(await yard().run({ publishers, onFailure: 'rollback' })).toMatchObject({ state: 'COMPLETED' });
});

test('what never appears is waited for as long as the target says, wherever the clock goes', async () => {
	const start = yard().clock.now();
	const verify: Publisher['verify'] = async () => {
		yard().clock.advance(-1000);
		throw problem('TWO_LATE');
	};
	let slept = 0;
	const { sleep } = yard().clock;
	yard().clock.sleep = async (ms, signal) => {
		slept += ms;
		return sleep.call(yard().clock, ms, signal);
	};
	const traits = { ...yard().simulated('two').traits, visibleWithin: 60_000 };
	const publishers = yard().publishers({ verify, traits, transient: ['TWO_LATE'] });
	expect(await yard().run({ publishers })).toMatchObject({ state: 'HELD' });
	expect(slept).toBe(60_000);
	expect(yard().clock.now()).toBeLessThan(start + 60_000);
});

test('a rollback that another run has planned meanwhile changes nothing', async () => {
	await yard().run({ manifest: toManifest('0.9.0') });
	yard().renew();
	await yard().run();
	const plan = await adoptPlan(yard().journal, '1.0.0');
	const real = yard().simulated('two');
	const preflight: Publisher['preflight'] = async (request, context) => {
		const other = { ...plan.plan, place: 'of another run', repoints: plan.releaseId };
		if (request.operation !== 'recover') return real.preflight(request, context);
		await yard().journal.createPlan(other, 2);
		const subjects = plan.plan.subjects.filter(({ target }) => target === 'two');
		return { findings: [], subjects: subjects.map((subject) => ({ subject, current: '1.0.0' })) };
	};
	const publishers = yard().publishers({ preflight });
	yard().asked.length = 0;
	const undo = { ...yard().request({ publishers }), version: '1.0.0', to: '0.9.0', reason: 'bad', act: true };
	await expect(rollback(undo, yard().context)).rejects.toMatchObject({
		code: 'OPERATION_REFUSED',
		message: 'another run has written a plan of 1.0.0 meanwhile',
		hint: expect.stringContaining('Run the same command again'),
	});
	expect(yard().asked.filter((call) => call.startsWith('withdraw'))).toEqual([]);
});

test('what a target that cannot look would take is not called forgotten', async () => {
	const preflight: Publisher['preflight'] = async () => ({
		subjects: [],
		findings: [{ severity: 'error', code: 'TWO_UNREACHABLE', message: 'it is down', hint: 'Wait.' }],
	});
	const publishers = yard().publishers({ preflight });
	const { plan, findings } = await previewPlan(yard().request({ publishers }), yard().context);
	expect(plan).toBeNull();
	expect(findings.map(({ code }) => code)).toEqual(['TWO_UNREACHABLE']);
});
