import { randomUUID } from 'node:crypto';
import type { Artifact, Publisher, Subject } from '@slipway/core';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

interface Case {
	readonly name: string;
	readonly ours: Artifact;
	readonly theirs: Artifact;
	readonly publisher: Publisher;
	readonly subject: Subject;
}

/** Our 1.2.0 is planned above 1.1.0; theirs has the same name and version, and other bytes. */
const start = async (mode: 'auto' | 'stage' = 'auto'): Promise<Case> => {
	const name = `withdraw-${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.1.0' }));
	const ours = registry.pack({ name, version: '1.2.0' });
	const theirs = registry.pack({ name, version: '1.2.0' }, 'theirs');
	const publisher = registry.publisher({ target: { mode, access: 'public' } });
	const [subject] = await planRelease(registry, publisher, [ours]);
	if (!subject) throw new Error('nothing planned');
	return { name, ours, theirs, publisher, subject };
};

const undo = () => ({ ...toChange(registry), reason: 'it breaks' });

/** As a registry does that names no sha512. */
const hideIntegrity = (): void =>
	registry.front.control.inject({
		when: 'after',
		times: 1000,
		match: ({ route }) => route.kind === 'packument',
		fault: {
			kind: 'rewrite',
			rewrite: (reply) => ({
				...reply,
				body: Buffer.from(reply.body.toString().replaceAll('"integrity"', '"none"')),
			}),
		},
	});

describe("somebody else's version under the same number", () => {
	test.each([
		['hidden', 'latest', '1.2.0'],
		['exposed', 'latest', '1.2.0'],
		['hidden', 'slipway-1.2.0', '1.1.0'],
		['exposed', 'slipway-1.2.0', '1.1.0'],
	] as const)('is left alone: withdrawn from %s, theirs lies under %s', async (from, tag, current) => {
		const { name, theirs, publisher, subject } = await start();
		await registry.publish(theirs, tag);
		const before = await registry.tags(name);
		expect(await publisher.withdraw([subject], from, undo())).toEqual([
			{
				subject,
				outcome: 'not-ours',
				current,
				remains: [`${name}@1.2.0 on the registry holds other bytes, which are not ours, and was left alone`],
			},
		]);
		expect(await registry.deprecated(name, '1.2.0')).toBeUndefined();
		expect(await registry.tags(name)).toEqual(before);
		expect(registry.mutations(name)).toBe(0);
	});

	test.each(['hidden', 'exposed'] as const)(
		'is told by its bytes where no digest is named (%s)',
		async (from) => {
			const { name, theirs, publisher, subject } = await start();
			await registry.publish(theirs);
			hideIntegrity();
			expect(await publisher.withdraw([subject], from, undo())).toMatchObject([{ outcome: 'not-ours' }]);
			expect(registry.mutations(name)).toBe(0);
		},
	);

	test('our own is withdrawn where no digest is named', async () => {
		const { name, ours, publisher, subject } = await start();
		await registry.publish(ours);
		hideIntegrity();
		expect(await publisher.withdraw([subject], 'exposed', undo())).toMatchObject([{ outcome: 'withdrawn' }]);
		expect(await registry.tags(name)).toMatchObject({ latest: '1.1.0' });
	});
});

describe('a staged version', () => {
	const stageTheirs = async ({ name, theirs }: Case): Promise<string> => {
		const publisher = registry.publisher({ target: { mode: 'stage', access: 'public' } });
		const [subject] = await planRelease(registry, publisher, [theirs]);
		if (!subject) throw new Error('nothing planned');
		await publisher.upload(theirs, subject, toChange(registry));
		return registry.front.control.staged().find(({ packageName }) => packageName === name)?.id ?? 'none';
	};

	/** Rejecting is tried in vain without a second factor; a try shows in the log. */
	const rejections = (id: string) =>
		registry.front.log.filter(({ mutates, target }) => mutates && target.includes(id)).length;

	test('with other bytes is not rejected', async () => {
		const one = await start('stage');
		const id = await stageTheirs(one);
		const [withdrawal] = await one.publisher.withdraw([one.subject], 'hidden', undo());
		expect(withdrawal?.remains).toEqual([
			`${one.name}@1.2.0 is staged with other bytes, which are not ours, and was left alone`,
		]);
		expect(rejections(id)).toBe(0);
	});

	test('is not rejected where nothing tells whose it is', async () => {
		const one = await start('stage');
		const id = await stageTheirs(one);
		const publisher = registry.publisher({
			target: { mode: 'stage', access: 'public' },
			readArtifact: () => Promise.reject(new Error('gone')),
		});
		const [withdrawal] = await publisher.withdraw([one.subject], 'hidden', undo());
		expect(withdrawal?.remains.join()).toContain('nothing tells whether by this release');
		expect(rejections(id)).toBe(0);
	});

	test('with our bytes is, by any later run', async () => {
		const one = await start('stage');
		const id = await stageTheirs({ ...one, theirs: one.ours });
		const [withdrawal] = await one.publisher.withdraw([one.subject], 'hidden', undo());
		expect(withdrawal?.remains.join()).toContain(`npm stage reject ${id}`);
		expect(rejections(id)).toBe(1);
	});
});
