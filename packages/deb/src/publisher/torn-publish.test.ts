import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Publisher, Subject } from '@slipway/core';
import { serveLoopback, toFolderHandler } from '@slipway/http';
import { type Change, directoryStore, type Store } from '@slipway/store';
import { describeWith } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readSigningKey } from '../repository/signing-key.ts';
import { aptPublisher } from './apt-publisher.ts';
import { updateLists, withAptRoot } from './apt-root.ts';
import {
	type AptWorld,
	plan,
	release,
	toSource,
	toTarget,
	uploadAll,
	withAptWorld,
} from './apt-world.fixture.ts';

/** Every single change that a store was told to make, in order. */
const recordChanges = (store: Store): { readonly store: Store; readonly changes: Change[] } => {
	const changes: Change[] = [];
	const write: Store['write'] = async (list, guard) => {
		const outcome = await store.write(list, guard);
		if (outcome.outcome === 'written') changes.push(...list);
		return outcome;
	};
	return { store: { ...store, write }, changes };
};

interface Cut {
	readonly name: string;
	readonly world: AptWorld;
	/** Verifies with the real apt. */
	readonly publisher: Publisher;
	/** Verifies without a process. */
	readonly quick: Publisher;
	readonly subjects: readonly Subject[];
}

/**
 * Lets `act` run once, then makes a copy of the repository for every prefix of its changes, as a publish leaves it that
 * was cut off there, each served at an address of its own.
 */
const forEachCut = (
	prepare: (world: AptWorld, publisher: Publisher) => Promise<readonly Subject[]>,
	act: (world: AptWorld, publisher: Publisher, subjects: readonly Subject[]) => Promise<unknown>,
	check: (cut: Cut) => Promise<void>,
): Promise<number> =>
	withAptWorld(async (world) => {
		const subjects = await prepare(world, await world.publisher());
		const base = join(dirname(world.folder), 'cuts');
		await cp(world.folder, join(base, 'start'), { recursive: true });
		const { store, changes } = recordChanges(world.store);
		await act(world, await world.publisher({ store }), subjects);
		const server = await serveLoopback(toFolderHandler(base));
		try {
			for (let length = 0; length <= changes.length; length += 1) {
				const folder = join(base, `cut-${length}`);
				await mkdir(folder);
				await cp(join(base, 'start'), folder, { recursive: true });
				const cutStore = directoryStore(folder);
				await cutStore.write(changes.slice(0, length));
				const url = `${server.origin}/cut-${length}`;
				const options = {
					id: 'apt',
					target: toTarget(url, folder),
					store: cutStore,
					signingKey: await readSigningKey(world.key.privateKey),
					trustedKeys: [],
					readArtifact: async () => new Uint8Array(),
					packages: [],
				};
				const publisher = aptPublisher(options);
				const quick = aptPublisher({ ...options, client: 'built-in' });
				const name = `${length}: after ${changes[length - 1]?.path ?? 'nothing'}`;
				await check({ name, world: { ...world, folder, url, store: cutStore }, publisher, quick, subjects });
			}
			return changes.length;
		} finally {
			await server.close();
		}
	});

/** A verdict of a client on one state; what else it throws belongs to the cut. */
const isSeen = (
	cut: Cut,
	state: 'exposed' | 'withdrawn',
	publisher: Publisher = cut.publisher,
): Promise<boolean> =>
	publisher.verify(cut.subjects, state, cut.world.context).then(
		() => true,
		(error) => {
			if (error.code === 'APT_VERIFICATION_FAILED') return false;
			throw new Error(`${cut.name}: ${error.message}`);
		},
	);

const prepareSecond = async (world: AptWorld, publisher: Publisher): Promise<readonly Subject[]> => {
	await release(world, publisher, [
		toSampleDeb('greet', '1.0.0-1'),
		toSampleDeb('tally', '1.0-1', { architecture: 'amd64' }),
	]);
	const subjects = await plan(world, publisher, [
		toSampleDeb('greet', '1.1.0-1'),
		toSampleDeb('tally', '1.1-1', { architecture: 'amd64' }),
	]);
	await uploadAll(world, publisher, subjects);
	return subjects;
};

describeWith('apt-get', 'a publish that is cut off after any of its writes (F19)', () => {
	test('expose: clients see all the old or all the new, and a second run finishes it', async () => {
		const seen: string[] = [];
		const count = await forEachCut(
			prepareSecond,
			(world, publisher, subjects) => publisher.expose(subjects, world.change),
			async (cut) => {
				const isNew = await isSeen(cut, 'exposed');
				expect([cut.name, isNew || (await isSeen(cut, 'withdrawn'))]).toEqual([cut.name, true]);
				seen.push(isNew ? 'new' : 'old');
				const outcomes = await cut.publisher.expose(cut.subjects, cut.world.change);
				expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(2).fill(isNew ? 'already' : 'exposed'));
				expect(await isSeen(cut, 'exposed', cut.quick)).toBe(true);
			},
		);
		// Two architectures: by-hash, plain and .gz of each, Release, its signature, InRelease, two archives.
		expect(count).toBeGreaterThanOrEqual(12);
		expect(seen.join(' ')).toMatch(/^(old )+new( new)?$/);
	}, 240_000);

	test('withdraw: the same', async () => {
		await forEachCut(
			async (world, publisher) => {
				const subjects = await prepareSecond(world, publisher);
				await publisher.expose(subjects, world.change);
				return subjects;
			},
			(world, publisher, subjects) =>
				publisher.withdraw(subjects, 'exposed', { ...world.change, reason: 'test' }),
			async (cut) => {
				const isOld = await isSeen(cut, 'exposed');
				expect([cut.name, isOld || (await isSeen(cut, 'withdrawn'))]).toEqual([cut.name, true]);
				await cut.publisher.withdraw(cut.subjects, 'exposed', { ...cut.world.change, reason: 'test' });
				expect(await isSeen(cut, 'withdrawn', cut.quick)).toBe(true);
			},
		);
	}, 240_000);

	test('the first publish of all: there is no repository, or the whole one', async () => {
		const names: string[] = [];
		await forEachCut(
			async (world, publisher) => {
				const subjects = await plan(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
				await uploadAll(world, publisher, subjects);
				return subjects;
			},
			(world, publisher, subjects) => publisher.expose(subjects, world.change),
			async (cut) => {
				const updated = await withAptRoot(toSource(cut.world), cut.world.context, updateLists).then(
					() => 'whole',
					(error) => (/does not have a Release file/.test(error.message) ? 'none' : error.message),
				);
				names.push(updated);
				expect(updated).toMatch(/^(none|whole)$/);
				await cut.publisher.expose(cut.subjects, cut.world.change);
				expect(await isSeen(cut, 'exposed', cut.quick)).toBe(true);
				expect(await cut.world.store.read('dists/stable/InRelease')).not.toBeNull();
			},
		);
		expect(names.join(' ')).toMatch(/^(none )+whole( whole)*$/);
	}, 240_000);
});
