// How one artifact comes to a target: what is asked, what is sent, how long is waited for, and when it is given up.
import type { Artifact, Presence, Publisher, UploadOutcome } from '@slipway/core';
import { MAX_TRIES, toBackoffMs } from './backoff.ts';
import { claimOnly } from './parts.ts';
import { problem, SHA256, toManifest, withYard } from './phases.fixture.ts';
import { status } from './status.ts';
import { toGravest } from './upload.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const VISIBLE_MS = 60_000;
const NAME = 'two-demo-1.0.0.bin';
const yard = withYard();

const ABSENT: Presence = { state: 'absent' };
const MATCH: Presence = { state: 'match' };
const UNKNOWN: Presence = { state: 'unknown', reason: 'no word' };
const pending = (waitsFor: 'time' | 'person'): Presence => ({ state: 'pending', waitsFor, reason: 'a scan' });
const ACCEPTED: UploadOutcome = { outcome: 'accepted' };
const LOST: UploadOutcome = { outcome: 'unknown', reason: 'lost' };

interface Script {
	/** What probes see, given the number of uploads sent; `ms`: since the run began. */
	readonly sees: (sent: number, ms: number) => Presence;
	readonly says?: UploadOutcome;
	readonly safeProbe?: boolean;
	/** An earlier run has claimed. */
	readonly resumed?: boolean;
}

/** Uploads to target `two` as scripted, and says what came of it. */
const upload = async ({ sees, says = ACCEPTED, safeProbe = true, resumed = false }: Script) => {
	if (resumed) await claimOnly(yard().request({ run: { key: 'earlier', actor: 'x' } }), yard().context);
	const sentAt: number[] = [];
	const elapsed = () => yard().clock.now() - NOW;
	const { traits } = yard().simulated('two');
	const publishers = yard().publishers({
		traits: { ...traits, safeProbe },
		probe: async () => sees(sentAt.length, elapsed()),
		upload: async () => {
			sentAt.push(elapsed());
			return says;
		},
	});
	const report = await yard().run({ publishers });
	const { state, problem: why } = report.subjects.at(-1) ?? {};
	return { report, sentAt, ms: elapsed(), state, problem: why };
};
const isExposed = () => yard().asked.some((call) => call.startsWith('expose'));
const waits = (releaseId: string | null, word: string, count: number): number =>
	Array.from({ length: count }, (_, at) => toBackoffMs(at + 1, `${releaseId} ${word}${NAME}`)).reduce(
		(sum, ms) => sum + ms,
		0,
	);

test('what is there already is not sent', async () => {
	const { report, sentAt } = await upload({ sees: () => MATCH });
	expect([report.state, sentAt]).toEqual(['COMPLETED', []]);
});

test('what is absent is sent once and read back', async () => {
	const { report, sentAt, ms } = await upload({ sees: (sent) => (sent === 0 ? ABSENT : MATCH) });
	expect([report.state, sentAt, ms]).toEqual(['COMPLETED', [0], 0]);
});

test.each([true, false])('bytes (sent: %s) are recorded at once where they were sent', async (isSent) => {
	if (!isSent) yard().two.files.set(NAME, SHA256);
	const real = yard().simulated('two');
	const recorded: string[][] = [];
	const verify: Publisher['verify'] = async (...given) => {
		recorded.push(Object.keys(await yard().outcomes('1.0.0')));
		return real.verify(...given);
	};
	expect((await yard().run({ publishers: [yard().publisher('two', { verify })] })).state).toBe('COMPLETED');
	expect(recorded[0]).toEqual(isSent ? ['000001-upload-two-0.json'] : []);
	expect(recorded[1]).toContain('000001-upload-two-0.json');
});

describe('accepted', () => {
	test('and not seen yet: waited for, longer and longer', async () => {
		const { report, sentAt, ms } = await upload({ sees: (_, at) => (at < 1000 ? ABSENT : MATCH) });
		expect(report.state).toBe('COMPLETED');
		expect(sentAt).toEqual([0]);
		const rounds = [2, 3, 4, 5, 6].map((round) => toBackoffMs(round, `${report.releaseId} wait ${NAME}`));
		const sums = rounds.map((_, at) => rounds.slice(0, at + 1).reduce((sum, one) => sum + one, 0));
		expect(ms).toBe(sums.find((sum) => sum >= 1000));
	});

	test.each([true, false])(
		'and never seen (safe probe: %s): left to time, and never sent again',
		async (safeProbe) => {
			const { report, sentAt, ms, state } = await upload({ sees: () => ABSENT, safeProbe });
			expect(report).toMatchObject({
				state: 'PENDING_EXTERNAL',
				reason: `two: ${NAME}: accepted by the target, but not visible yet`,
				next: 'slipway continue 1.0.0',
			});
			expect(sentAt).toEqual([0]);
			expect(state).toBe('pending');
			expect(ms).toBeGreaterThanOrEqual(VISIBLE_MS);
			expect(isExposed()).toBe(false);
		},
	);

	test('and then no word: waited for as long, and held', async () => {
		const { report, sentAt, ms, state } = await upload({ sees: (sent) => (sent === 0 ? ABSENT : UNKNOWN) });
		expect(report).toMatchObject({ state: 'HELD', reason: `two: ${NAME}: no word` });
		expect([sentAt, state]).toEqual([[0], 'unknown']);
		expect(ms).toBeGreaterThanOrEqual(VISIBLE_MS);
	});
});

describe('a reply that is lost', () => {
	test('to a target that can be asked: sent again, so many times', async () => {
		const { report, sentAt, ms, state } = await upload({ sees: () => ABSENT, says: LOST });
		expect(report).toMatchObject({
			state: 'HELD',
			reason: `two: ${NAME}: not accepted after ${MAX_TRIES} tries`,
		});
		expect(sentAt).toHaveLength(MAX_TRIES);
		expect(ms).toBe(waits(report.releaseId, '', MAX_TRIES - 1));
		expect(state).toBe('absent');
		expect(yard().context.lines).toContain(
			`warning two: the reply for ${NAME} is not known (lost); asking the target`,
		);
	});

	test('and no word afterwards: sent again where that is a read, and held after as many', async () => {
		const { report, sentAt } = await upload({
			sees: (sent) => (sent === 0 ? ABSENT : UNKNOWN),
			says: LOST,
		});
		expect(report).toMatchObject({ state: 'HELD', reason: `two: ${NAME}: no word` });
		expect(sentAt).toHaveLength(MAX_TRIES);
	});

	test('and no word afterwards: never sent again where that may be a second effect', async () => {
		const { report, sentAt } = await upload({
			sees: (sent) => (sent === 0 ? ABSENT : UNKNOWN),
			says: LOST,
			safeProbe: false,
		});
		expect([report.state, sentAt]).toEqual(['HELD', [0]]);
	});

	test('to a target that shows things late: sent again only when it would have shown them', async () => {
		const { report, sentAt } = await upload({ sees: () => ABSENT, says: LOST, safeProbe: false });
		expect(report.state).toBe('HELD');
		expect(sentAt).toHaveLength(MAX_TRIES);
		for (const [at, ms] of sentAt.slice(1).entries())
			expect(ms - (sentAt[at] ?? 0)).toBeGreaterThanOrEqual(VISIBLE_MS);
	});

	test('which asks to wait: it is waited, and that counts', async () => {
		const { sentAt } = await upload({
			sees: () => ABSENT,
			says: { ...LOST, retryAfterMs: 2 * VISIBLE_MS },
			safeProbe: false,
		});
		expect(sentAt).toHaveLength(MAX_TRIES);
		for (const [at, ms] of sentAt.slice(1).entries()) {
			expect(ms - (sentAt[at] ?? 0)).toBeGreaterThanOrEqual(2 * VISIBLE_MS);
			expect(ms - (sentAt[at] ?? 0)).toBeLessThan(2 * VISIBLE_MS + 10_000);
		}
	});

	test('which asks to wait as long as a change may take to show: then that is over', async () => {
		const { report, sentAt } = await upload({
			sees: (sent) => (sent < 2 ? ABSENT : MATCH),
			says: { ...LOST, retryAfterMs: VISIBLE_MS },
			safeProbe: false,
		});
		expect(sentAt).toEqual([0, VISIBLE_MS + waits(report.releaseId, '', 1)]);
	});
});

test.each([
	[true, 0],
	[false, VISIBLE_MS],
])(
	'what an earlier run may have sent (safe probe: %s) is waited for %d ms before it is sent',
	async (safeProbe, ms) => {
		const { sentAt } = await upload({
			sees: (sent) => (sent === 0 ? ABSENT : MATCH),
			safeProbe,
			resumed: true,
		});
		expect(sentAt).toHaveLength(1);
		if (ms === 0) expect(sentAt).toEqual([0]);
		else expect(sentAt[0]).toBeGreaterThanOrEqual(ms);
	},
);

describe('what a target says besides', () => {
	test('other bytes: stopped at once, by their digests', async () => {
		for (const [found, text] of [
			[{ sha256: 'b' }, 'sha256 b, sha512 unknown'],
			[{ sha512: 'c' }, 'sha256 unknown, sha512 c'],
		] as const) {
			const { report, sentAt, state } = await upload({ sees: () => ({ state: 'mismatch', found }) });
			expect(report).toMatchObject({
				state: 'STOPPED_MISMATCH',
				reason: `two: ${NAME}: the target holds other bytes under this version: ${text}`,
				next: 'slipway abort 1.0.0 --reason TEXT',
			});
			expect([sentAt, state]).toEqual([[], 'mismatch']);
		}
	});

	test('a person has to look: left to them at once', async () => {
		const { report, ms, state, problem: why } = await upload({ sees: () => pending('person') });
		expect(report).toMatchObject({ state: 'PENDING_EXTERNAL', reason: `two: ${NAME}: a scan` });
		expect([ms, state, why]).toEqual([0, 'pending', 'a scan']);
	});

	test('a scan: waited for as long as a change may take, no longer', async () => {
		const { report } = await upload({ sees: (_, at) => (at < VISIBLE_MS / 2 ? pending('time') : MATCH) });
		expect(report.state).toBe('COMPLETED');
	});

	test('a scan without end: left to time', async () => {
		const { report, ms } = await upload({ sees: () => pending('time') });
		expect(report.state).toBe('PENDING_EXTERNAL');
		expect(ms).toBeGreaterThanOrEqual(VISIBLE_MS);
	});

	test('no word: asked a few times, then held, with nothing sent', async () => {
		const { report, sentAt, ms } = await upload({ sees: () => UNKNOWN });
		expect(report.state).toBe('HELD');
		expect(sentAt).toEqual([]);
		expect(ms).toBe(waits(report.releaseId, 'probe ', MAX_TRIES - 1));
		expect(yard().context.lines).toContain(`debug two: ${NAME}: no word; asking again`);
	});

	test('an error: held, with its target and subject', async () => {
		const publishers = yard().publishers({ upload: () => Promise.reject(problem('A_A')) });
		const report = await yard().run({ publishers });
		expect(report.reason).toBe('two: pkg:two/demo: A_A it said no (do: Ask it.)');
		expect(report.subjects.at(-1)?.problem).toBe('A_A it said no (do: Ask it.)');
		expect(report.subjects[0]?.state).toBe('hidden');
	});

	test('nothing more, as the run is cancelled: what was only looked at is not recorded', async () => {
		const expose: Publisher['expose'] = (...given) => {
			yard().context.abort(new Error('cancelled'));
			return yard()
				.simulated('one')
				.expose(...given);
		};
		const publishers = [yard().publisher('one', { expose }), yard().publisher('two')];
		await expect(yard().run({ publishers })).rejects.toThrow('cancelled');
		expect(Object.keys(await yard().outcomes('1.0.0'))).toEqual([
			'000001-upload-one-0.json',
			'000001-upload-one-1.json',
			'000001-upload-two-2.json',
		]);
	});

	test('an error to a run that was cancelled: the run ends as it is', async () => {
		const publishers = yard().publishers({
			upload: () => {
				yard().context.abort(new Error('cancelled'));
				return Promise.reject(problem('A_A'));
			},
		});
		await expect(yard().run({ publishers })).rejects.toThrow('cancelled');
	});
});

test('of several stops the gravest counts, and every reason is told', () => {
	const stop = (state: 'HELD' | 'PENDING_EXTERNAL' | 'STOPPED_MISMATCH', reason: string) => ({
		state,
		reason,
	});
	expect(toGravest([undefined, undefined])).toBeUndefined();
	expect(toGravest([stop('PENDING_EXTERNAL', 'a'), undefined, stop('HELD', 'b')])).toEqual({
		state: 'HELD',
		reason: 'b; a',
	});
	expect(
		toGravest([stop('HELD', 'a'), stop('PENDING_EXTERNAL', 'b'), stop('STOPPED_MISMATCH', 'c')]),
	).toEqual({
		state: 'STOPPED_MISMATCH',
		reason: 'c; a; b',
	});
});

describe('what cannot hide', () => {
	/** A target whose uploads everybody sees at once. */
	const open = (id: 'one' | 'two', undo: 'full' | 'pointer' | 'none', order: string[]): Publisher => {
		const real = yard().simulated(id);
		return yard().publisher(id, {
			traits: { ...real.traits, undo, hides: false },
			preflight: async (asking, context) => {
				const answer = await real.preflight(asking, context);
				const subjects = answer.subjects.map(({ subject, current }) => ({
					current,
					subject: { ...subject, mode: { name: 'open', hides: false } },
				}));
				return { ...answer, subjects };
			},
			upload: async (artifact: Artifact, ...rest) => {
				order.push(artifact.name);
				return real.upload(artifact, ...rest);
			},
		});
	};

	test.each([
		['none', 'full', ['two', 'one', 'one']],
		['none', 'pointer', ['two', 'one', 'one']],
		['pointer', 'full', ['two', 'one', 'one']],
		['full', 'none', ['one', 'one', 'two']],
	] as const)('is published last, what can be undone first (%s, %s)', async (first, second, expected) => {
		const order: string[] = [];
		const publishers = [open('one', first, order), open('two', second, order)];
		const report = await yard().run({ publishers });
		expect(order.map((name) => name.split('-')[0])).toEqual(expected);
		expect(report.state).toBe('COMPLETED');
		expect(yard().asked.filter((call) => call.startsWith('verify hidden'))).toEqual([]);
	});

	test('is taken as exposed from then on; what hides was uploaded before', async () => {
		const order: string[] = [];
		const publishers = [
			open('one', 'none', order),
			yard().publisher('two', { expose: () => Promise.reject(problem('A_A')) }),
		];
		const report = await yard().run({ publishers, onFailure: 'hold' });
		expect(report.subjects.map(({ state, mode }) => [state, mode])).toEqual([
			['exposed', 'open'],
			['exposed', 'open'],
			['hidden', 'tag'],
		]);
		expect(yard().two.effects).toEqual([`upload ${NAME}`]);
	});

	test('is not published after one that failed', async () => {
		const order: string[] = [];
		yard().two.fault = () => 'refused';
		const publishers = [open('one', 'none', order), open('two', 'full', order)];
		expect((await yard().run({ publishers })).state).toBe('HELD');
		expect(order).toEqual([NAME]);
	});

	test('is told as exposed when it is there, and no pointer was moved yet', async () => {
		yard().two.fault = () => 'refused';
		const report = await yard().run({ publishers: [open('one', 'full', []), open('two', 'none', [])] });
		expect(report.subjects.map(({ state }) => state)).toEqual(['exposed', 'exposed', 'unknown']);
	});
});

describe('the status of a release', () => {
	const GO_ON = 'slipway continue 1.0.0';
	const refuse = () => Promise.reject(problem('A_A'));
	const see = (more: Partial<Publisher> = {}) =>
		status({ ...yard().request({ publishers: yard().publishers(more) }), version: '1.0.0' }, yard().context);

	test.each<[Presence, string]>([
		[MATCH, 'COMPLETED'],
		[ABSENT, 'HELD'],
		[UNKNOWN, 'HELD'],
		[pending('time'), 'PENDING_EXTERNAL'],
		[{ state: 'mismatch', found: {} }, 'STOPPED_MISMATCH'],
	])('where a target says %j is %s', async (presence, state) => {
		await yard().run();
		const report = await see({ probe: async () => presence });
		expect(report).toMatchObject({
			operation: 'status',
			state,
			reason: 'last recorded: release, COMPLETED',
			dryRun: false,
			partial: false,
			phases: [],
		});
		const isThere = presence.state === 'match';
		expect(report.subjects.map((subject) => subject.state)).toEqual([
			'exposed',
			'exposed',
			isThere ? 'exposed' : presence.state,
		]);
	});

	test('tells what a target finds, and where a pointer is not seen it is held', async () => {
		await yard().run();
		const finding = { severity: 'error' as const, code: 'A_A', message: 'no answer', hint: 'h' };
		const report = await see({ preflight: async () => ({ findings: [finding], subjects: [] }) });
		expect(report).toMatchObject({
			state: 'HELD',
			reason: 'last recorded: release, COMPLETED; two: no answer',
			next: 'slipway continue 1.0.0',
		});
	});

	test('that was planned and not begun, taken back, or aborted is what is recorded', async () => {
		await claimOnly(yard().request(), yard().context);
		expect(await see()).toMatchObject({ state: 'HELD', reason: 'last recorded: release, not ended' });
		await yard().run();
		expect((await see()).state).toBe('COMPLETED');
		await yard().undo('1.0.0');
		expect(await see()).toMatchObject({
			state: 'ROLLED_BACK',
			reason: 'last recorded: rollback, ROLLED_BACK',
			next: 'slipway restore 1.0.0 --yes',
			subjects: [{ state: 'hidden' }, { state: 'hidden' }, { state: 'hidden' }],
		});
		const asked: string[] = [];
		const preflight: Publisher['preflight'] = async ({ operation }) => {
			asked.push(operation);
			return { findings: [], subjects: [] };
		};
		expect((await see({ preflight })).state).toBe('HELD');
		expect(asked).toEqual(['status']);
		expect((await see({ probe: async () => UNKNOWN })).state).toBe('HELD');
		yard().two.pointers.set('pkg:two/demo', '1.0.0');
		expect((await see()).state).toBe('HELD');
	});

	test('whose end is not recorded is what the targets show', async () => {
		await yard().run();
		await yard().journal.store.write([{ kind: 'remove', path: 'fences/demo/000001-end.json' }]);
		expect(await see()).toMatchObject({
			state: 'COMPLETED',
			reason: 'last recorded: release, not ended',
			next: null,
		});
	});

	/** Both targets had a version before, but for the first subject of `one`. */
	test.each<[string, () => Partial<Publisher>, 'one keeps' | 'one moves', string | null]>([
		['what is left has a version before it', () => ({ withdraw: refuse }), 'one moves', GO_ON],
		['what is left is the first version', () => ({}), 'one keeps', null],
		['some of what is left is the first version', () => ({ withdraw: refuse }), 'one keeps', GO_ON],
		['nothing is left', () => ({ verify: refuse }), 'one moves', GO_ON],
	])('whose way back is held: %s', async (_name, more, how, next) => {
		yard().one.pointers.set('pkg:one/extra', '0.8.0');
		yard().two.pointers.set('pkg:two/demo', '0.9.0');
		await yard().run();
		yard().one.keepsPointers = how === 'one keeps';
		expect((await yard().undo('1.0.0', { publishers: yard().publishers(more()) })).state).toBe('HELD');
		expect(await see()).toMatchObject({ state: 'HELD', next });
		await yard().journal.store.write([{ kind: 'remove', path: 'fences/demo/000002-end.json' }]);
		expect(await see()).toMatchObject({ state: 'HELD', next: GO_ON });
	});

	test('without a record of an operation says so', async () => {
		await yard().run({ manifest: toManifest('1.0.0') });
		for (const path of await yard().journal.store.list('fences'))
			await yard().journal.store.write([{ kind: 'remove', path }]);
		expect(await see()).toMatchObject({ state: 'COMPLETED', reason: 'no operation is recorded' });
	});
});
