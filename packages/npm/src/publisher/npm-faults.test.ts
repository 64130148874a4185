import { randomUUID } from 'node:crypto';
import type { Artifact, Publisher, Subject } from '@slipway/core';
import { type Fault, type FaultRule, toJsonReply } from '@slipway/rehearsal/npm-registry';
import { isWhole } from '@slipway/testing';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

/** What a hanging reply is waited for: a busy machine answers within it. */
const TIMEOUT_MS = 3000;

interface Case {
	readonly name: string;
	readonly artifact: Artifact;
	readonly publisher: Publisher;
	readonly subject: Subject;
}

/** A package at 1.0.0, and 1.1.0 planned. */
const start = async (options: Parameters<TestRegistry['publisher']>[0] = {}): Promise<Case> => {
	const name = `fault-${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	await registry.publish(registry.pack({ name, version: '1.0.9' }), 'theirs');
	const artifact = registry.pack({ name, version: '1.1.0' });
	const publisher = registry.publisher({ timeoutMs: TIMEOUT_MS, ...options });
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	return { name, artifact, publisher, subject };
};

const upload = ({ publisher, artifact, subject }: Case) =>
	publisher.upload(artifact, subject, toChange(registry));
const expose = ({ publisher, subject }: Case) => publisher.expose([subject], toChange(registry));
const withdraw = ({ publisher, subject }: Case) =>
	publisher.withdraw([subject], 'exposed', { ...toChange(registry), reason: 'it breaks' });
const probe = ({ publisher, artifact }: Case) => publisher.probe(artifact, registry.context);

/** Skips the first `skip` mutating requests, then strikes once. */
const strikeAt = (skip: number, when: FaultRule['when'], fault: Fault): void => {
	let seen = 0;
	const match: FaultRule['match'] = ({ mutates }) => {
		if (mutates) seen += 1;
		return mutates && seen === skip + 1;
	};
	registry.front.control.inject({ when, match, fault });
};

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
	kind: 'reply',
	reply: toJsonReply(code, { error: 'try later' }, headers),
});

const FAULTS: readonly (readonly [string, Fault])[] = [
	['reset', { kind: 'reset' }],
	['503', status(503)],
	['429', status(429, { 'retry-after': '1' })],
	['timeout', { kind: 'hang' }],
	['truncated reply', { kind: 'truncate' }],
];

/** Every change of a release and its rollback: which of the mutating requests, after which preparation, by which verb. */
const CHANGES = [
	['publish', 0, async () => {}, upload],
	['dist-tag', 0, upload, expose],
	['removal of the hidden dist-tag', 1, upload, expose],
	[
		'dist-tag back',
		0,
		async (one: Case) => {
			await upload(one);
			await expose(one);
		},
		withdraw,
	],
	[
		'deprecate',
		1,
		async (one: Case) => {
			await upload(one);
			await expose(one);
		},
		withdraw,
	],
] as const;

describe('F3: a reply lost after the change took effect', () => {
	// In short each change with a fault of its own.
	const cases = CHANGES.flatMap((change, index) =>
		FAULTS.slice(...(isWhole() ? [] : [index, index + 1])).map(
			(fault) => [change[0], fault[0], change, fault[1]] as const,
		),
	);
	test.each(cases)(
		'%s, %s: settled by looking, no failure, no second effect',
		async (_a, _b, change, fault) => {
			const [what, skip, prepare, act] = change;
			const one = await start();
			await prepare(one);
			strikeAt(skip, 'after', fault);
			const before = registry.mutations(one.name);
			const result = await act(one);
			if (what === 'publish') expect(result).toMatchObject({ outcome: 'unknown' });
			expect(await probe(one)).toEqual({ state: 'match' });
			const planned = act === upload ? 1 : 2;
			expect(registry.mutations(one.name) - before).toBe(planned);
			const latest = act === expose ? '1.1.0' : '1.0.0';
			const hidden = act === upload ? { 'slipway-1.1.0': '1.1.0' } : {};
			expect(await registry.tags(one.name)).toEqual({ latest, theirs: '1.0.9', ...hidden });
			if (act === withdraw)
				expect(await registry.deprecated(one.name, '1.1.0')).toBe(
					'Withdrawn: it breaks. Use 1.0.0. [slipway]',
				);
		},
	);
});

/** In short without the one that is waited for. */
const LOST = isWhole() ? FAULTS : FAULTS.filter(([name]) => name === 'reset' || name === '503');

describe('F4: a request lost before it took effect', () => {
	test.each(LOST)('publish, %s: unknown, seen to be absent, then repeated', async (_, fault) => {
		const one = await start();
		strikeAt(0, 'before', fault);
		expect(await upload(one)).toMatchObject({ outcome: 'unknown' });
		expect(await probe(one)).toEqual({ state: 'absent' });
		expect(await upload(one)).toEqual({ outcome: 'accepted' });
		expect(await probe(one)).toEqual({ state: 'match' });
	});

	test.each(LOST)('dist-tag, %s: said so, and doing the same again goes on', async (_, fault) => {
		const one = await start();
		await upload(one);
		strikeAt(0, 'before', fault);
		await expect(expose(one)).rejects.toMatchObject({ code: 'NPM_REPLY_LOST' });
		expect(await registry.tags(one.name)).toMatchObject({ latest: '1.0.0' });
		expect(await expose(one)).toMatchObject([{ outcome: 'exposed', current: '1.1.0' }]);
	});

	test('deprecate: said so, and doing the same again goes on', async () => {
		const one = await start();
		await upload(one);
		await expose(one);
		strikeAt(1, 'before', { kind: 'reset' });
		await expect(withdraw(one)).rejects.toMatchObject({ code: 'NPM_REPLY_LOST' });
		expect(await withdraw(one)).toMatchObject([{ outcome: 'withdrawn', current: '1.0.0' }]);
		expect(await registry.deprecated(one.name, '1.1.0')).toContain('it breaks');
	});
});

test.each([
	['seconds', '7', 7000],
	['missing', undefined, undefined],
	['absurd', '99999999', 600_000],
])('F5: 429 with Retry-After %s', async (_, value, expected) => {
	const one = await start();
	strikeAt(0, 'before', status(429, value === undefined ? {} : { 'retry-after': value }));
	expect(await upload(one)).toMatchObject({ outcome: 'unknown', retryAfterMs: expected });
});

describe('F5: 429 with Retry-After to a change of a pointer or a mark', () => {
	const pointers = CHANGES.filter(([what]) => what !== 'publish').slice(...(isWhole() ? [] : [0, 1]));
	test.each(pointers.map((change) => [change[0], change] as const))(
		'%s: nothing is asked before it',
		async (_what, [, skip, prepare, act]) => {
			const one = await start();
			await prepare(one);
			strikeAt(skip, 'before', status(429, { 'retry-after': '1' }));
			const seen: number[] = [];
			registry.front.control.inject({
				when: 'before',
				match: () => {
					seen.push(performance.now());
					return false;
				},
				fault: { kind: 'reset' },
			});
			const attempt = async (): Promise<unknown> => act(one);
			await attempt().catch(attempt);
			const pauses = seen.slice(1).map((at, index) => at - (seen[index] ?? 0));
			expect(Math.max(...pauses)).toBeGreaterThan(950);
		},
	);
});

describe('F8: what a registry says to a version it knows', () => {
	test('403 taken, the same bytes: found to match', async () => {
		const one = await start();
		await upload(one);
		expect(await upload(one)).toMatchObject({ outcome: 'unknown' });
		expect(await probe(one)).toEqual({ state: 'match' });
	});

	test('403 taken, other bytes: a mismatch, and theirs stay', async () => {
		const one = await start();
		const theirs = registry.pack({ name: one.name, version: '1.1.0' }, 'theirs');
		await registry.publish(theirs, 'other');
		expect(await upload(one)).toMatchObject({ outcome: 'unknown' });
		expect(await probe(one)).toEqual({ state: 'mismatch', found: { sha512: theirs.digest.sha512 } });
	});

	test('409 staged: accepted earlier, so pending and never published again', async () => {
		const one = await start();
		strikeAt(0, 'before', {
			kind: 'reply',
			reply: toJsonReply(409, { error: 'Cannot publish over previously staged version "1.1.0".' }),
		});
		expect(await upload(one)).toEqual({ outcome: 'accepted' });
		expect(await probe(one)).toMatchObject({ state: 'pending', waitsFor: 'time' });
	});

	test('409 packument: unknown, seen to be absent, then repeated', async () => {
		const one = await start();
		strikeAt(0, 'before', {
			kind: 'reply',
			reply: toJsonReply(409, { error: 'Failed to save packument. A common cause is …' }),
		});
		expect(await upload(one)).toMatchObject({ outcome: 'unknown' });
		expect(await probe(one)).toEqual({ state: 'absent' });
		expect(await upload(one)).toEqual({ outcome: 'accepted' });
	});

	test.each([
		[403, 'Forbidden', 'NPM_PUBLISH_BLOCKED'],
		[404, 'Not found', 'NPM_PUBLISH_NOT_FOUND'],
		[401, 'You must be logged in to publish packages.', 'NPM_PUBLISH_UNAUTHORIZED'],
		[401, 'You must provide a one-time pass.', 'NPM_OTP_NEEDED'],
		[422, 'Error verifying sigstore provenance bundle: x', 'NPM_PUBLISH_REFUSED'],
	])('%d %s: stops with %s', async (code, error, expected) => {
		const one = await start();
		strikeAt(0, 'before', { kind: 'reply', reply: toJsonReply(code, { error }) });
		await expect(upload(one)).rejects.toMatchObject({ name: 'SlipwayError', code: expected });
		expect(await probe(one)).toEqual({ state: 'absent' });
	});
});
