// What readers find who read while somebody else publishes.
import { readFile, writeFile } from 'node:fs/promises';
import type { Store } from '@slipway/store';
import { type AptWorld, readRelease, release, withAptWorld } from '../publisher/apt-world.fixture.ts';
import { openServedFiles } from '../publisher/served-files.ts';
import { suitePath } from '../publisher/tampering.fixture.ts';
import { readSettled } from './read-settled.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { verifyRepository } from './verify-repository.ts';

const INDEX = 'main/binary-amd64/Packages.gz';

const publish = async (world: AptWorld, version: string): Promise<void> => {
	const publisher = await world.publisher({ client: 'built-in' });
	await release(world, publisher, [toSampleDeb('greet', version)]);
};

const withReleased = (task: (world: AptWorld) => Promise<void>): Promise<void> =>
	withAptWorld(async (world) => {
		await publish(world, '1.0-1');
		await task(world);
	});

/** The store, where others publish right after InRelease was read and before the archive of all Releases is. */
const toCrossed = (store: Store, meanwhile: () => Promise<void>): Store => {
	let first: Promise<unknown> | undefined;
	return {
		...store,
		read: (path) => {
			const found = store.read(path);
			if (path.endsWith('/InRelease')) first ??= found;
			return found;
		},
		list: async (prefix) => {
			await first;
			if (prefix.startsWith('history/')) await meanwhile();
			return store.list(prefix);
		},
	};
};

test('a publish between the reads of InRelease and of the archive is no replay of an older state', () =>
	withReleased(async (world) => {
		const others = ['1.1-1', '1.2-1'];
		const store = toCrossed(world.store, async () => {
			const version = others.shift();
			if (version !== undefined) await publish(world, version);
		});
		await release(world, await world.publisher({ store, client: 'built-in' }), [
			toSampleDeb('tally', '1.0-1'),
		]);
		expect(others).toEqual([]);
		expect((await readRelease(world)).serial).toBe(4);
	}));

const verify = (world: AptWorld, sleep: (looks: number) => Promise<void>) => {
	let looks = 0;
	const clock = {
		now: () => Date.now(),
		sleep: async () => {
			looks += 1;
			await sleep(looks);
		},
	};
	const check = { suite: 'stable', keys: [world.key.publicKey] };
	return verifyRepository(openServedFiles(world.url), check, { ...world.context, clock });
};

test('an index that belongs to the publish under way is read again when that is through', () =>
	withReleased(async (world) => {
		const [before, index] = [await readFile(suitePath(world, 'InRelease')), suitePath(world, INDEX)];
		await publish(world, '1.1-1');
		const after = await readFile(suitePath(world, 'InRelease'));
		await writeFile(suitePath(world, 'InRelease'), before);
		const { debs } = await verify(world, (looks) =>
			looks === 2 ? writeFile(suitePath(world, 'InRelease'), after) : Promise.resolve(),
		);
		expect(debs.map(({ version }) => version)).toContain('1.1-1');
		await writeFile(index, 'something else');
		await expect(verify(world, async () => {})).rejects.toMatchObject({ code: 'APT_BYTES_CHANGED' });
	}));

describe('readSettled', () => {
	const clock = { now: () => 0, sleep: async () => {} };
	const { signal } = new AbortController();

	test.each([
		['nothing moves', (): string => 'same', 4],
		['every look finds another Release', (looks: number): string => `${looks}`, 40],
		['it moves only at first', (looks: number): string => `${Math.min(looks, 6)}`, 9],
	])('what never fits is refused in the end: %s', async (_name, toMark, expected) => {
		let looks = 0;
		const readRelease = async () => {
			looks += 1;
			return { mark: toMark(looks) };
		};
		const refuse = () => Promise.reject(new Error('does not fit'));
		await expect(readSettled(readRelease, refuse, { clock, signal })).rejects.toThrow('does not fit');
		expect(looks).toBe(expected);
	});

	test('a Release that is refused is not read twice', async () => {
		let looks = 0;
		const refuse = () => {
			looks += 1;
			return Promise.reject(new Error('not signed'));
		};
		await expect(readSettled(refuse, async () => 'all', { clock, signal })).rejects.toThrow('not signed');
		expect(looks).toBe(1);
	});
});
