import { randomUUID } from 'node:crypto';
import type { Artifact, Publisher, Subject } from '@slipway/core';
import { toNpmCredentials } from '../config/credentials.ts';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

interface Case {
	readonly name: string;
	readonly artifact: Artifact;
	readonly publisher: Publisher;
	readonly subject: Subject;
}

const start = async (): Promise<Case> => {
	const name = `delay-${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	await registry.publish(registry.pack({ name, version: '1.0.9' }), 'theirs');
	const artifact = registry.pack({ name, version: '1.1.0' });
	const publisher = registry.publisher();
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	return { name, artifact, publisher, subject };
};

const undo = () => ({ ...toChange(registry), reason: 'it breaks' });

describe('F7: a version that is accepted and not readable yet', () => {
	test('is pending, for this run and for the next, and is there when the scan is over', async () => {
		const { name, artifact, publisher, subject } = await start();
		registry.front.control.scanFor(Number.POSITIVE_INFINITY);
		expect(await publisher.upload(artifact, subject, toChange(registry))).toEqual({ outcome: 'accepted' });
		for (const one of [publisher, registry.publisher()]) {
			expect(await one.probe(artifact, registry.context)).toMatchObject({
				state: 'pending',
				waitsFor: 'time',
			});
			const verifying = one.verify([subject], 'hidden', registry.context);
			await expect(verifying).rejects.toMatchObject({ code: 'NPM_NOT_VISIBLE' });
		}
		expect(registry.mutations(name)).toBe(1);
		registry.front.control.finishScan(name, '1.1.0');
		expect(await publisher.probe(artifact, registry.context)).toEqual({ state: 'match' });
		await publisher.verify([subject], 'hidden', registry.context);
	});

	test('another run that sends the identical version again learns that it was accepted', async () => {
		const { name, artifact, publisher, subject } = await start();
		registry.front.control.scanFor(Number.POSITIVE_INFINITY);
		await publisher.upload(artifact, subject, toChange(registry));
		const next = registry.publisher();
		expect(await next.upload(artifact, subject, toChange(registry))).toEqual({ outcome: 'accepted' });
		expect(await next.probe(artifact, registry.context)).toMatchObject({ state: 'pending' });
		registry.front.control.finishScan(name, '1.1.0');
		expect(await next.probe(artifact, registry.context)).toEqual({ state: 'match' });
	});

	test('a rollback during the scan moves the dist-tag and says that the deprecation waits', async () => {
		const { name, artifact, publisher, subject } = await start();
		registry.front.control.scanFor(Number.POSITIVE_INFINITY);
		await publisher.upload(artifact, subject, toChange(registry));
		await publisher.expose([subject], toChange(registry));
		expect(await registry.tags(name)).toMatchObject({ latest: '1.1.0' });
		const [first] = await publisher.withdraw([subject], 'exposed', undo());
		expect(first).toMatchObject({ outcome: 'withdrawn', current: '1.0.0' });
		expect(first?.remains.join()).toContain('is not deprecated yet');
		registry.front.control.finishScan(name, '1.1.0');
		const [second] = await publisher.withdraw([subject], 'exposed', undo());
		expect(second?.remains.join()).not.toContain('is not deprecated');
		expect(await registry.deprecated(name, '1.1.0')).toContain('it breaks');
	});
});

describe('F9: a cache that still serves the old packument', () => {
	test('is never read as absence, by this run or the next', async () => {
		const { name, artifact, publisher, subject } = await start();
		await registry.front.control.serveStale(name, 4);
		await publisher.upload(artifact, subject, toChange(registry));
		const next = registry.publisher();
		const states: string[] = [];
		for (const one of [publisher, next, publisher, next, publisher, next])
			states.push((await one.probe(artifact, registry.context)).state);
		expect(states).toEqual(['pending', 'pending', 'pending', 'pending', 'match', 'match']);
		expect(registry.mutations(name)).toBe(1);
	});

	test('where nothing tells, the identical upload does: "used up" makes a stale read no absence', async () => {
		const { name, artifact, publisher, subject } = await start();
		await registry.front.control.serveStale(name, 100);
		await registry.publish(artifact, 'elsewhere');
		await registry.front.control.moveTag(name, 'elsewhere', '1.0.9');
		const stale = (await publisher.probe(artifact, registry.context)).state;
		expect(await publisher.upload(artifact, subject, toChange(registry))).toMatchObject({
			outcome: 'unknown',
		});
		expect([stale, (await publisher.probe(artifact, registry.context)).state]).toEqual(['absent', 'pending']);
	});
});

test('a dist-tag that the registry has accepted counts as moved, though it still shows the old one', async () => {
	const { name, artifact, publisher, subject } = await start();
	await publisher.upload(artifact, subject, toChange(registry));
	const before = JSON.stringify(await registry.tags(name));
	let isMoved = false;
	registry.front.control.inject({
		when: 'after',
		times: 1000,
		match: ({ route, method }) => {
			if (route.kind === 'dist-tag' && method === 'PUT') isMoved = true;
			return isMoved && route.kind === 'dist-tags';
		},
		fault: { kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: Buffer.from(before) }) },
	});
	const [exposure] = await publisher.expose([subject], toChange(registry));
	expect(exposure).toMatchObject({ outcome: 'exposed', current: '1.1.0' });
	registry.front.control.clearFaults();
	expect(await registry.tags(name)).toMatchObject({ latest: '1.1.0' });
});

describe('F12: somebody else moves the dist-tag meanwhile', () => {
	const move = (name: string) => registry.front.control.moveTag(name, 'latest', '1.0.9');

	/** A publisher that gets its right to move a dist-tag only after they have moved it. */
	const lateFor = (name: string) => {
		const credentials = toNpmCredentials({
			registry: registry.front.origin,
			authorization: `Bearer ${registry.token}`,
		});
		return registry.publisher({
			credentials: {
				...credentials,
				authorize: async (one, purpose, context) => {
					if (purpose === 'dist-tag') await move(name);
					return credentials.authorize(one, purpose, context);
				},
			},
		});
	};

	test('while the run asks for its rights: nothing is written, and the guard is not asked', async () => {
		const { name, artifact, publisher, subject } = await start();
		await publisher.upload(artifact, subject, toChange(registry));
		const count = registry.mutations(name);
		const guard = () => Promise.reject(new Error('asked'));
		const [exposure] = await lateFor(name).expose([subject], { context: registry.context, guard });
		expect(exposure).toMatchObject({ outcome: 'moved', current: '1.0.9' });
		expect(registry.mutations(name)).toBe(count);
	});

	test('right after our write: seen when it is read back', async () => {
		const { name, artifact, publisher, subject } = await start();
		await publisher.upload(artifact, subject, toChange(registry));
		registry.front.control.inject({
			when: 'after',
			match: ({ route }) => route.kind === 'dist-tag',
			fault: { kind: 'run', task: () => move(name) },
		});
		const [exposure] = await publisher.expose([subject], toChange(registry));
		expect(exposure).toMatchObject({ outcome: 'moved', current: '1.0.9' });
		expect(await registry.tags(name)).toMatchObject({ latest: '1.0.9' });
	});

	test('in a rollback: theirs stays, and our version is not marked', async () => {
		const { name, artifact, publisher, subject } = await start();
		await publisher.upload(artifact, subject, toChange(registry));
		await publisher.expose([subject], toChange(registry));
		const [withdrawal] = await lateFor(name).withdraw([subject], 'exposed', undo());
		expect(withdrawal).toMatchObject({ outcome: 'not-ours', current: '1.0.9' });
		expect(await registry.tags(name)).toMatchObject({ latest: '1.0.9' });
		expect(await registry.deprecated(name, '1.1.0')).toBeUndefined();
	});

	test('an abort cleans up after itself all the same', async () => {
		const { name, artifact, publisher, subject } = await start();
		await publisher.upload(artifact, subject, toChange(registry));
		await move(name);
		const [withdrawal] = await publisher.withdraw([subject], 'hidden', undo());
		expect(withdrawal).toMatchObject({ outcome: 'withdrawn', current: '1.0.9' });
		expect(await registry.tags(name)).toEqual({ latest: '1.0.9', theirs: '1.0.9' });
		expect(await registry.deprecated(name, '1.1.0')).toBe('Never released: it breaks. [slipway]');
	});
});
