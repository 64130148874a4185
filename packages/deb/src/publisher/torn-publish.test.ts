import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Publisher, Subject } from '@slipway/core';
import { serveLoopback, toFolderHandler } from '@slipway/http';
import { type Change, directoryStore, type Store } from '@slipway/store';
import { describeWith, testAtLength } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readSigningKey } from '../repository/signing-key.ts';
import { findAptClient } from './apt-client.ts';
import { aptPublisher } from './apt-publisher.ts';
import {
	type AptWorld,
	plan,
	release,
	toSource,
	toTarget,
	UNDO,
	uploadAll,
	withAptWorld,
} from './apt-world.fixture.ts';
import { builtInClient } from './built-in-client.ts';
import type { RepositoryClient } from './client.ts';

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
	readonly publisher: Publisher;
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
				const publisher = aptPublisher({
					id: 'apt',
					target: toTarget(url, folder),
					store: cutStore,
					signingKey: await readSigningKey(world.key.privateKey),
					trustedKeys: [],
					readArtifact: async () => new Uint8Array(),
					packages: [],
				});
				const name = `${length}: after ${changes[length - 1]?.path ?? 'nothing'}`;
				await check({ name, world: { ...world, folder, url, store: cutStore }, publisher, subjects });
			}
			return changes.length;
		} finally {
			await server.close();
		}
	});

const OLD = 'greet 1.0.0-1, tally 1.0-1';
const NEW = 'greet 1.1.0-1, tally 1.1-1';

/** What a client that starts from nothing resolves the packages to; an error belongs to the cut. */
const look = async ({ name, world }: Cut, client: RepositoryClient): Promise<string> => {
	const wanted = ['greet', 'tally'].map((packageName) => ({ name: packageName, architecture: 'amd64' }));
	const sights = await client.look(toSource(world), wanted, world.context).catch((error) => {
		throw new Error(`${name}: ${error.message}`);
	});
	return wanted.map((wish, at) => `${wish.name} ${sights[at]?.resolved?.version}`).join(', ');
};

const findApt = async ({ world }: Cut): Promise<RepositoryClient> => {
	const client = await findAptClient(world.context);
	if (!client) throw new Error('expected apt-get');
	return client;
};

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
	test('expose: apt sees all the old or all the new, and a second run finishes it', async () => {
		const seen: string[] = [];
		const count = await forEachCut(
			prepareSecond,
			(world, publisher, subjects) => publisher.expose(subjects, world.change),
			async (cut) => {
				const found = await look(cut, await findApt(cut));
				seen.push(found);
				const outcomes = await cut.publisher.expose(cut.subjects, cut.world.change);
				const expected = found === NEW ? 'already' : 'exposed';
				expect(outcomes.map(({ outcome }) => outcome)).toEqual([expected, expected]);
				expect(await look(cut, builtInClient)).toBe(NEW);
			},
		);
		// Two architectures: the index by hash and under its name; Release, its signature, InRelease; the archive.
		expect(count).toBeGreaterThanOrEqual(8);
		expect(seen).toEqual([...Array(count - 1).fill(OLD), NEW, NEW]);
	}, 900_000);

	test('withdraw: the same', async () => {
		const seen: string[] = [];
		const count = await forEachCut(
			async (world, publisher) => {
				const subjects = await prepareSecond(world, publisher);
				await publisher.expose(subjects, world.change);
				return subjects;
			},
			(world, publisher, subjects) => publisher.withdraw(subjects, 'exposed', { ...world.change, ...UNDO }),
			async (cut) => {
				seen.push(await look(cut, builtInClient));
				await cut.publisher.withdraw(cut.subjects, 'exposed', { ...cut.world.change, ...UNDO });
				expect(await look(cut, builtInClient)).toBe(OLD);
			},
		);
		expect(seen).toEqual([...Array(count - 1).fill(NEW), OLD, OLD]);
	}, 900_000);

	testAtLength(
		'the first publish of all: there is no repository, or the whole one',
		async () => {
			const seen: string[] = [];
			await forEachCut(
				async (world, publisher) => {
					const subjects = await plan(world, publisher, [
						toSampleDeb('greet', '1.1.0-1'),
						toSampleDeb('tally', '1.1-1'),
					]);
					await uploadAll(world, publisher, subjects);
					return subjects;
				},
				(world, publisher, subjects) => publisher.expose(subjects, world.change),
				async (cut) => {
					const found = await look(cut, await findApt(cut)).catch(({ message }) => message);
					seen.push(/does not have a Release file/.test(found) ? 'none' : found);
					await cut.publisher.expose(cut.subjects, cut.world.change);
					expect(await look(cut, builtInClient)).toBe(NEW);
					expect(await cut.world.store.read('dists/stable/InRelease')).not.toBeNull();
				},
			);
			const first = seen.indexOf(NEW);
			expect(seen).toEqual([...Array(first).fill('none'), ...Array(seen.length - first).fill(NEW)]);
		},
		900_000,
	);
});
