import { type Publisher, SlipwayError } from '@slipway/core';
import type { Store } from '@slipway/store';
import { cleanPool } from '../repository/clean-pool.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readSigningKey } from '../repository/signing-key.ts';
import { plan, readRelease, release, toTarget, UNDO, uploadAll, withAptWorld } from './apt-world.fixture.ts';
import { toRepository } from './to-repository.ts';

describe('conflicts', () => {
	test('a pointer that a third party moved is left alone, the others go on (F12)', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			const subjects = await plan(world, publisher, [
				toSampleDeb('greet', '1.0.0-1'),
				toSampleDeb('tally', '1.0-1'),
			]);
			await uploadAll(world, publisher, subjects);
			const theirs = await release(world, publisher, [toSampleDeb('greet', '0.9.0-1')]);
			const outcomes = await publisher.expose(subjects, world.change);
			expect(outcomes).toMatchObject([
				{ outcome: 'moved', current: theirs[0]?.pointer.next },
				{ outcome: 'exposed', current: subjects[1]?.pointer.next },
			]);
			await publisher.verify([...theirs, ...subjects.slice(1)], 'exposed', world.context);
			expect(await publisher.withdraw(subjects, 'exposed', { ...world.change, ...UNDO })).toMatchObject([
				{ outcome: 'not-ours' },
				{ outcome: 'withdrawn' },
			]);
			await publisher.verify(theirs, 'exposed', world.context);
		}));

	test('publishers that race all get in, and nobody is lost', () =>
		withAptWorld(async (world) => {
			const names = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
			const publishers = await Promise.all(names.map(() => world.publisher({ client: 'built-in' })));
			const plans = await Promise.all(
				names.map(async (name, at) => {
					const publisher = publishers[at] as Publisher;
					const subjects = await plan(world, publisher, [toSampleDeb(name, '1.0-1')]);
					await uploadAll(world, publisher, subjects);
					return { publisher, subjects };
				}),
			);
			const outcomes = await Promise.all(
				plans.map(({ publisher, subjects }) => publisher.expose(subjects, world.change)),
			);
			expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(names.map(() => 'exposed'));
			for (const { publisher, subjects } of plans) await publisher.verify(subjects, 'exposed', world.context);
			expect((await readRelease(world)).serial).toBe(names.length);
		}));

	test('an uploaded version that is not exposed can be taken away; one that is offered or was lately stays', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			const first = await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const second = await plan(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			await uploadAll(world, publisher, second);
			const undo = { ...world.change, ...UNDO };
			expect(await publisher.withdraw(second, 'hidden', undo)).toMatchObject([
				{ outcome: 'withdrawn', remains: [] },
			]);
			const [artifact] = second[0]?.artifacts ?? [];
			expect(artifact && (await publisher.probe(artifact, world.context))).toEqual({ state: 'absent' });
			expect(await publisher.withdraw(first, 'hidden', undo)).toMatchObject([
				{ outcome: 'already', remains: [expect.stringContaining('still names it')] },
			]);
			await publisher.withdraw(first, 'exposed', undo);
			expect(await publisher.withdraw(first, 'hidden', undo)).toMatchObject([
				{ remains: [expect.stringContaining('still names it')] },
			]);
			await publisher.verify(first, 'hidden', world.context);
		}));

	test('what an older index may name stays where the store does not say whether it names it', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({ client: 'built-in' });
			const first = await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const older = await readRelease(world);
			await publisher.withdraw(first, 'exposed', { ...world.change, ...UNDO });
			// Of the index that named it: not the served one, which names nothing.
			const index = older.files.get('main/binary-amd64/Packages.gz')?.sha256 ?? 'none';
			const silent: Store = {
				...world.store,
				read: async (path) => {
					if (path.endsWith(index))
						throw new SlipwayError('STORE_UNREACHABLE', 'no answer', { hint: 'Wait.' });
					return world.store.read(path);
				},
			};
			const blind = await world.publisher({ client: 'built-in', store: silent });
			const withdrawn = blind.withdraw(first, 'hidden', { ...world.change, ...UNDO });
			await expect(withdrawn).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
			const repository = toRepository({
				target: toTarget(world.url, world.folder),
				store: silent,
				signingKey: await readSigningKey(world.key.privateKey),
				trustedKeys: [],
			});
			await expect(cleanPool(repository, world.change)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
			await publisher.verify(first, 'hidden', world.context);
		}));
});
