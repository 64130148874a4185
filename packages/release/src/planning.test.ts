// What a plan is made of, what refuses one, and what is read of one: frozen once, adopted by whoever comes later, re-pointed.
import { createHash } from 'node:crypto';
import { type Finding, PUBLISHER_CONTRACT, type Publisher, toCanonicalJson } from '@slipway/core';
import { adoptPlan, readAdopted } from './adopt.ts';
import type { Boundary } from './boundary.ts';
import { claimOnly, publishTargets } from './parts.ts';
import { SHA256, toManifest, withYard } from './phases.fixture.ts';
import { findPlanDifferences, type Plan, type PlannedEvidence, parsePlan, toPlanBytes } from './plan.ts';
import { previewPlan } from './planning.ts';

const yard = withYard();
const found = (severity: Finding['severity'], code: string, hint = 'h'): Finding => ({
	severity,
	code,
	message: `${code} is so`,
	hint,
});

/** Target `two`, whose preflight for a release finds this too. */
const finding = (...findings: readonly Finding[]): Publisher[] => {
	const real = yard().simulated('two');
	const preflight: Publisher['preflight'] = async (asking, context) => {
		const answer = await real.preflight(asking, context);
		return asking.operation === 'release' ? { ...answer, findings } : answer;
	};
	return yard().publishers({ preflight });
};

describe('a plan', () => {
	test('lists what seals first, and subjects in the order of their exposure', async () => {
		const { traits } = yard().simulated('two');
		const publishers = yard().publishers({ traits: { ...traits, seals: true } });
		const { plan, findings } = await previewPlan(yard().request({ publishers, line: '1.x' }), yard().context);
		expect(findings).toEqual([]);
		expect(plan?.targets.map(({ id }) => id)).toEqual(['two', 'one']);
		expect(plan?.subjects.map(({ id }) => id)).toEqual(['pkg:two/demo', 'pkg:one/demo', 'pkg:one/extra']);
		expect(plan).toMatchObject({
			mediaType: 'application/vnd.slipway.plan.v1+json',
			line: '1.x',
			repoints: null,
			place: 'here',
			policy: { onFailure: 'hold' },
			evidence: { policy: null, report: null, gates: [] },
		});
		await yard().run({ publishers });
		expect(yard().asked.filter((call) => call.startsWith('expose'))[0]).toBe('expose two: pkg:two/demo');
	});

	test('says what no target takes, and goes on', async () => {
		const publishers = [yard().publisher('one')];
		const { findings } = await previewPlan(yard().request({ publishers }), yard().context);
		expect(findings).toEqual([
			{
				target: '-',
				severity: 'warning',
				code: 'PLAN_ARTIFACT_UNUSED',
				message: 'no target takes two-demo-1.0.0.bin',
				hint: expect.stringContaining('slipway.yml'),
			},
		]);
		expect((await yard().run({ publishers })).state).toBe('COMPLETED');
		expect(yard().context.lines).toContain('warning -: no target takes two-demo-1.0.0.bin');
	});

	test.each<[string, readonly Finding[], boolean]>([
		['takes nothing', [], true],
		['takes nothing, and warns', [found('warning', 'W_W')], true],
		['cannot look', [found('error', 'A_A')], false],
	])('of a target that %s', async (_name, findings, isTold) => {
		const publishers = yard().publishers({ preflight: async () => ({ subjects: [], findings }) });
		const preview = await previewPlan(yard().request({ publishers }), yard().context);
		const unused = preview.findings.filter(({ code }) => code === 'PLAN_ARTIFACT_UNUSED');
		expect(unused.map(({ message }) => message)).toEqual(
			isTold ? ['no target takes two-demo-1.0.0.bin'] : [],
		);
		expect(preview.findings).toHaveLength(findings.length + unused.length);
	});

	test('says what no target takes also where one that looked has found an error', async () => {
		const [, two] = finding(found('error', 'A_A'));
		if (!two) throw new Error('no publisher');
		const { findings } = await previewPlan(yard().request({ publishers: [two] }), yard().context);
		expect(findings.map(({ code }) => code)).toEqual(['A_A', 'PLAN_ARTIFACT_UNUSED', 'PLAN_ARTIFACT_UNUSED']);
	});

	test('is refused by errors alone, all of them, each hint once', async () => {
		const publishers = finding(found('error', 'A_A'), found('warning', 'W_W', 'no'), found('error', 'B_B'));
		const preview = await previewPlan(yard().request({ publishers }), yard().context);
		expect(preview.plan).toBeNull();
		expect(preview.findings.map(({ target, code }) => `${target} ${code}`)).toEqual([
			'two A_A',
			'two W_W',
			'two B_B',
		]);
		await expect(yard().run({ publishers })).rejects.toMatchObject({
			code: 'PLAN_REFUSED',
			message: 'two: A_A A_A is so\ntwo: B_B B_B is so',
			hint: 'h',
		});
		expect(yard().context.lines).toEqual(['warning two: W_W is so']);
		const other = finding(found('error', 'A_A'), found('error', 'B_B', 'another'));
		await expect(yard().run({ publishers: other })).rejects.toMatchObject({ hint: 'h\nanother' });
		expect(await readAdopted(yard().journal, '1.0.0')).toBeUndefined();
	});

	test('is none where nothing would be published, or where a publisher is of another time', async () => {
		const manifest = { ...toManifest('1.0.0'), artifacts: [] };
		await expect(yard().run({ manifest })).rejects.toMatchObject({
			code: 'PLAN_NOTHING_TO_PUBLISH',
			hint: expect.stringContaining('targets:'),
		});
		const contract = (PUBLISHER_CONTRACT + 1) as typeof PUBLISHER_CONTRACT;
		await expect(yard().run({ publishers: yard().publishers({ contract }) })).rejects.toMatchObject({
			code: 'PUBLISHER_CONTRACT_UNKNOWN',
			message: `expected publisher contract ${PUBLISHER_CONTRACT}, got ${contract} from target "two"`,
			hint: `Use a publisher for contract ${PUBLISHER_CONTRACT}.`,
		});
		expect(await readAdopted(yard().journal, '1.0.0')).toBeUndefined();
	});
});

const EVIDENCE: PlannedEvidence = {
	policy: { sha256: SHA256, from: 'policy.yml' },
	report: SHA256,
	gates: (['pass', 'warn', 'fail', 'skipped'] as const).map((verdict) => ({
		id: verdict,
		verdict,
		evidence: [SHA256],
		dataAge: null,
		overrides: [{ finding: null, by: 'b', reason: 'r', expires: 'never' }],
	})),
};

describe('the text of a plan', () => {
	const make = async (): Promise<Plan> => {
		const { traits } = yard().simulated('two');
		const publishers = yard().publishers({ traits: { ...traits, undo: 'none', batch: 'all' } });
		const { plan } = await previewPlan(yard().request({ publishers, evidence: EVIDENCE }), yard().context);
		if (!plan) throw new Error('no plan');
		return plan;
	};
	const toBytes = (value: unknown) => Buffer.from(JSON.stringify(value));

	test('is read as it was written', async () => {
		const plan = await make();
		expect(parsePlan(toPlanBytes(plan), 'plan.json')).toEqual(plan);
	});

	test.each<[string, (plan: Plan) => unknown]>([
		['a digest that is too long', (plan) => ({ ...plan, repoints: `${SHA256}0` })],
		['a digest after something', (plan) => ({ ...plan, repoints: `x${SHA256}` })],
		['no subject', (plan) => ({ ...plan, subjects: [] })],
		['no media type', ({ mediaType, ...plan }) => plan],
		['a list', () => []],
		['a gate that says nothing', (plan) => ({ ...plan, evidence: { ...EVIDENCE, gates: [{}] } })],
		['a policy without a digest', (plan) => ({ ...plan, evidence: { ...EVIDENCE, policy: {} } })],
		[
			'an override without a reason',
			(plan) => ({
				...plan,
				evidence: { ...EVIDENCE, gates: EVIDENCE.gates.map((gate) => ({ ...gate, overrides: [{}] })) },
			}),
		],
		['a field that nobody knows', (plan) => ({ ...plan, more: true })],
	])('%s is refused', async (_name, change) => {
		const text = toBytes(change(await make()));
		expect(() => parsePlan(text, 'the plan')).toThrow(
			expect.objectContaining({
				code: 'PLAN_INVALID',
				message: expect.stringContaining('the plan'),
				hint: expect.stringContaining('journal'),
			}),
		);
	});

	test('of a later Slipway is left to it', async () => {
		const text = toBytes({ ...(await make()), mediaType: 'application/vnd.slipway.plan.v2+json' });
		expect(() => parsePlan(text, 'the plan')).toThrow(
			expect.objectContaining({
				code: 'PLAN_VERSION_UNKNOWN',
				message: expect.stringMatching(/v1\+json, got "application\/.*v2\+json" in the plan$/),
				hint: expect.stringContaining('version of Slipway'),
			}),
		);
	});

	test('is compared with a Release by the digest of each file', async () => {
		const plan = await make();
		expect(findPlanDifferences(plan, toManifest('1.0.0'))).toEqual([]);
		const [first, second] = toManifest('1.0.0').artifacts;
		if (!first || !second) throw new Error('no artifacts');
		const other = { ...second, digest: { ...second.digest, sha256: 'b'.repeat(64) } };
		expect(findPlanDifferences(plan, { artifacts: [first, other] })).toEqual([
			`one-extra-1.0.0.bin: expected sha256 ${SHA256}, got ${'b'.repeat(64)}`,
			'two-demo-1.0.0.bin is planned but not in the Release',
		]);
	});
});

describe('a frozen plan', () => {
	/** Notes what preflight of a release is asked. */
	const listening = (lines: unknown[], pointer = 'default'): Publisher[] => {
		const real = yard().simulated('two');
		const preflight: Publisher['preflight'] = async (asking, context) => {
			if (asking.operation === 'release') lines.push(asking.line);
			const answer = await real.preflight(asking, context);
			if (asking.operation !== 'release') return answer;
			const subjects = answer.subjects.map((one) => ({
				...one,
				subject: { ...one.subject, pointer: { ...one.subject.pointer, name: pointer } },
			}));
			return { ...answer, subjects };
		};
		return yard().publishers({ preflight });
	};

	test('is adopted: the targets are not asked for another', async () => {
		const lines: unknown[] = [];
		const [first, second] = [
			await yard().run({ publishers: listening(lines) }),
			await yard().run({ publishers: listening(lines) }),
		];
		expect(lines).toHaveLength(1);
		expect(second.releaseId).toBe(first.releaseId);
		const { plan } = await adoptPlan(yard().journal, '1.0.0');
		expect(first.releaseId).toBe(createHash('sha256').update(toCanonicalJson(plan)).digest('hex'));
	});

	test('that is not there: PLAN_MISSING, and what helps', async () => {
		await expect(adoptPlan(yard().journal, '1.0.0')).rejects.toMatchObject({
			code: 'PLAN_MISSING',
			message: expect.stringContaining('has no plan of demo 1.0.0'),
			hint: expect.stringContaining('slipway rollback 1.0.0 --to OLDER_VERSION'),
		});
	});

	test('that is re-pointed is asked for with its own line, or another, and keeps the identity of the release', async () => {
		const lines: unknown[] = [];
		const publishers = () => listening(lines);
		yard().two.pointers.set('pkg:two/demo', '0.8.0');
		const first = await claimOnly(yard().request({ publishers: publishers(), line: '1.x' }), yard().context);
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		for (const line of [undefined, '2.x'])
			await yard().run({ publishers: publishers(), line, repoint: true });
		expect(lines).toEqual(['1.x', '1.x', '2.x']);
		const plans = await yard().journal.readPlans('1.0.0');
		expect(plans.map(({ subjects }) => subjects.at(-1)?.pointer.previous)).toEqual([
			'0.8.0',
			'0.9.0',
			'0.9.0',
		]);
		expect(plans.map(({ repoints }) => repoints)).toEqual([
			null,
			first.releaseId,
			expect.stringMatching(/^[0-9a-f]{64}$/),
		]);
		expect((await adoptPlan(yard().journal, '1.0.0')).releaseId).toBe(first.releaseId);
		expect((await adoptPlan(yard().journal, '1.0.0')).plan).toEqual(plans[2]);
	});

	test('keeps a pointer whose name is another now, and those of other targets', async () => {
		await claimOnly(yard().request(), yard().context);
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		yard().one.pointers.set('pkg:one/extra', '0.7.0');
		await claimOnly(yard().request({ publishers: listening([], 'next'), repoint: true }), yard().context);
		const { plan } = await adoptPlan(yard().journal, '1.0.0');
		expect(plan.subjects.map(({ pointer }) => [pointer.name, pointer.previous])).toEqual([
			['default', null],
			['default', '0.7.0'],
			['default', null],
		]);
	});

	test('of one subject in two targets is re-pointed target by target', async () => {
		const both = () => [
			yard().publisher('one'),
			{ ...yard().publisher('two'), ...simulatedAsOne(), id: 'two' },
		];
		const simulatedAsOne = () => {
			const asOne = yard().simulated('one');
			const preflight: Publisher['preflight'] = async (asking, context) => {
				const answer = await asOne.preflight(asking, context);
				const subjects = answer.subjects.map(({ subject }) => {
					const previous = yard().two.pointers.get(subject.id) ?? null;
					return {
						current: previous,
						subject: { ...subject, target: 'two', pointer: { ...subject.pointer, previous } },
					};
				});
				return { ...answer, subjects };
			};
			return { preflight };
		};
		await claimOnly(yard().request({ publishers: both() }), yard().context);
		yard().two.pointers.set('pkg:one/demo', '0.9.0');
		await claimOnly(yard().request({ publishers: both(), repoint: true }), yard().context);
		const { plan } = await adoptPlan(yard().journal, '1.0.0');
		expect(plan.subjects.map(({ target, id, pointer }) => [target, id, pointer.previous])).toEqual([
			['one', 'pkg:one/demo', null],
			['one', 'pkg:one/extra', null],
			['two', 'pkg:one/demo', '0.9.0'],
			['two', 'pkg:one/extra', null],
		]);
	});

	test('keeps what a target no longer tells of', async () => {
		await claimOnly(yard().request(), yard().context);
		const publishers = yard().publishers({ preflight: async () => ({ findings: [], subjects: [] }) });
		await claimOnly(yard().request({ publishers, repoint: true }), yard().context);
		const [first, second] = await yard().journal.readPlans('1.0.0');
		expect(second?.subjects).toEqual(first?.subjects);
	});

	test('is made where there is none to re-point', async () => {
		expect((await yard().run({ repoint: true })).state).toBe('COMPLETED');
		expect(await yard().journal.readPlans('1.0.0')).toHaveLength(1);
	});
});

describe('the look at the machine that publishes', () => {
	test('says every error, in one reason, and every warning in the log', async () => {
		const boundary: Boundary = async () => [
			found('error', 'A_A'),
			found('warning', 'W_W'),
			found('error', 'B_B', 'again'),
		];
		expect((await yard().run({ boundary })).reason).toBe('A_A A_A is so (do: h); B_B B_B is so (do: again)');
		expect(yard().context.lines.filter((line) => line.startsWith('warning'))).toEqual(['warning W_W is so']);
	});
});

describe('the job of some targets', () => {
	const targets = ['one', 'two'];

	test('says what it did, and that the release goes on elsewhere', async () => {
		expect(await claimOnly(yard().request(), yard().context)).toMatchObject({
			operation: 'release',
			state: 'HELD',
			partial: true,
			phases: [],
		});
		expect(await publishTargets({ ...yard().request(), targets }, yard().context)).toMatchObject({
			operation: 'release',
			state: 'HELD',
			partial: true,
			reason: 'one, two: uploaded and verified hidden; exposed when every target is',
		});
	});

	test('touches no other target', async () => {
		await claimOnly(yard().request(), yard().context);
		await publishTargets({ ...yard().request(), targets: ['one'] }, yard().context);
		expect([yard().one.effects.length, yard().two.effects.length]).toEqual([2, 0]);
	});

	test('that was claimed before makes no plan of its own', async () => {
		const share = { ...yard().request(), targets, claimed: true };
		await expect(publishTargets(share, yard().context)).rejects.toMatchObject({ code: 'PLAN_MISSING' });
		expect(await readAdopted(yard().journal, '1.0.0')).toBeUndefined();
	});

	test('publishes nothing of a Release that is not the planned one', async () => {
		await claimOnly(yard().request(), yard().context);
		const manifest = { ...toManifest('1.0.0'), artifacts: toManifest('1.0.0').artifacts.slice(1) };
		for (const report of [
			await claimOnly(yard().request({ manifest }), yard().context),
			await publishTargets({ ...yard().request({ manifest }), targets }, yard().context),
		])
			expect(report).toMatchObject({
				state: 'STOPPED_MISMATCH',
				partial: false,
				reason: expect.stringContaining('one-demo-1.0.0.bin is planned but not in the Release'),
				next: 'slipway status 1.0.0',
				operation: 'release',
			});
		expect(yard().one.effects).toEqual([]);
	});

	test.each([true, false])(
		'that fails (claimed before: %s) records why; the end is for who claimed',
		async (claimed) => {
			await claimOnly(yard().request(), yard().context);
			yard().one.fault = () => 'refused';
			const share = { ...yard().request(), targets, claimed };
			const report = await publishTargets(share, yard().context);
			expect(report).toMatchObject({ state: 'HELD', operation: 'release', partial: false });
			const records = await yard().outcomes('1.0.0');
			const { state, reason } = report;
			expect(records['000001-stop-one-two.json']).toEqual(
				claimed ? { phase: 'stop', targets, state, reason } : undefined,
			);
			expect((await yard().journal.readHistory())[0]?.end?.state).toBe(claimed ? undefined : 'HELD');
		},
	);
});
