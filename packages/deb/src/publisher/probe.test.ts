import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { Store } from '@slipway/store';
import { type SampleDeb, toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { type AptWorld, openAptWorld, release } from './apt-world.fixture.ts';
import { attempt, toFinding } from './findings.ts';

let world: AptWorld;
beforeEach(async () => {
	world = await openAptWorld();
});
afterEach(() => world.close());

const GREET = toSampleDeb('greet', '1.0.0-1');
const OTHER = toSampleDeb('greet', '1.0.0-1', { content: 'other bytes' });
const POOL = 'pool/main/g/greet/greet_1.0.0-1_all.deb';

const probe = async ({ artifact }: SampleDeb, options = {}, target = {}) =>
	(await world.publisher({ client: 'built-in', ...options }, target)).probe(artifact, world.context);
const put = async (path: string, { bytes }: SampleDeb): Promise<void> => {
	await mkdir(join(world.folder, dirname(path)), { recursive: true });
	await writeFile(join(world.folder, path), bytes);
};
const mismatch = ({ artifact }: SampleDeb) => ({
	state: 'mismatch',
	found: { sha256: artifact.digest.sha256 },
});

describe('what the pool holds', () => {
	test('is compared by its bytes', async () => {
		expect(await probe(GREET)).toEqual({ state: 'absent' });
		await put(POOL, GREET);
		expect(await probe(GREET)).toEqual({ state: 'match' });
		expect(await probe(OTHER)).toEqual(mismatch(GREET));
	});
});

describe('what another tool keeps elsewhere', () => {
	const ELSEWHERE = 'pool/elsewhere.deb';
	/** The suite offers the package, and its index names a file of another path. */
	const publishElsewhere = async (): Promise<void> => {
		const publisher = await world.publisher({ client: 'built-in' });
		await release(world, publisher, [GREET, toSampleDeb('tally', '1.0-1', { architecture: 'arm64' })]);
	};

	test('is known by what the index names, and absent where that file is gone', async () => {
		await publishElsewhere();
		expect(await probe(GREET)).toEqual({ state: 'match' });
		await rename(join(world.folder, POOL), join(world.folder, ELSEWHERE));
		expect(await probe(GREET)).toEqual({ state: 'absent' });
		expect(await probe(OTHER)).toEqual(mismatch(GREET));
	});

	test('is compared by the bytes of the file that the index names', async () => {
		await publishElsewhere();
		/** The path of our own is looked at first. */
		const hidden = (): Store => {
			let isFirst = true;
			const read: Store['read'] = async (path) => {
				const found = path === POOL && isFirst ? null : await world.store.read(path);
				if (path === POOL) isFirst = false;
				return found;
			};
			return { ...world.store, read };
		};
		expect(await probe(GREET, { store: hidden() })).toEqual({ state: 'match' });
		await put(POOL, OTHER);
		expect(await probe(GREET, { store: hidden() })).toEqual(mismatch(OTHER));
	});

	test('of another version or architecture is another thing', async () => {
		await publishElsewhere();
		expect(await probe(toSampleDeb('greet', '1.0.1-1'))).toEqual({ state: 'absent' });
		expect(await probe(toSampleDeb('greet', '1.0.0-1', { architecture: 'amd64' }))).toEqual({
			state: 'absent',
		});
		expect(await probe(toSampleDeb('tally', '1.0-1', { architecture: 'amd64' }))).toEqual({
			state: 'absent',
		});
	});

	test('a pre-release that no suite takes is absent', async () => {
		expect(await probe(toSampleDeb('greet', '1.1.0~rc.1-1'))).toEqual({ state: 'absent' });
	});
});

describe('a store that cannot be read', () => {
	const failing = (error: Error): Store => ({
		...world.store,
		read: async () => {
			throw error;
		},
	});

	test('says nothing: unknown', async () => {
		const error = new SlipwayError('STORE_UNREACHABLE', 'no network', { hint: 'wait' });
		expect(await probe(GREET, { store: failing(error) })).toEqual({ state: 'unknown', reason: 'no network' });
	});

	test.each([
		['what is wrong for good', new SlipwayError('APT_REPOSITORY_TAMPERED', 'changed', { hint: 'look' })],
		['a code that only holds STORE_', new SlipwayError('NO_STORE_CODE', 'changed', { hint: 'look' })],
		['a defect', new TypeError('a defect')],
	])('%s is thrown on', async (_name, error) => {
		await expect(probe(GREET, { store: failing(error) })).rejects.toBe(error);
	});

	test('a suite that somebody changed is no absence', async () => {
		const publisher = await world.publisher({ client: 'built-in' });
		await release(world, publisher, [toSampleDeb('tally', '1.0-1')]);
		await writeFile(join(world.folder, 'dists/stable/InRelease'), 'nothing signed');
		await expect(probe(GREET)).rejects.toMatchObject({ name: 'SlipwayError' });
		await rm(join(world.folder, 'dists'), { recursive: true });
	});
});

describe('findings', () => {
	const refusal = new SlipwayError('APT_KEY_LOCKED', 'locked', { hint: 'unlock it' });
	const FOUND = { severity: 'error', code: 'APT_KEY_LOCKED', message: 'locked', hint: 'unlock it' };

	test('a refusal is one', async () => {
		expect(toFinding(refusal)).toEqual(FOUND);
		expect(await attempt(() => Promise.reject(refusal))).toEqual({ value: null, findings: [FOUND] });
		expect(await attempt(async () => 5)).toEqual({ value: 5, findings: [] });
	});

	test('a defect is none', async () => {
		const defect = new TypeError('a defect');
		expect(() => toFinding(defect)).toThrow(defect);
		await expect(attempt(() => Promise.reject(defect))).rejects.toBe(defect);
	});
});
