import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
	type AptWorld,
	plan,
	release,
	UNDO,
	uploadAll,
	withAptWorld,
} from '../publisher/apt-world.fixture.ts';
import type { AptPublisherOptions } from '../publisher/options.ts';
import { openServedFiles } from '../publisher/served-files.ts';
import { DAY_MS, edit, flip, otherKey, signAgain, suitePath } from '../publisher/tampering.fixture.ts';
import { toAttestationsPath } from './attestations.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { verifyRepository } from './verify-repository.ts';

const GREET = toSampleDeb('greet', '1.0.0-1');
const TALLY = toSampleDeb('tally', '1.0-1', { architecture: 'amd64' });
const POOL = 'pool/main/g/greet/greet_1.0.0-1_all.deb';
const BUNDLE = { mediaType: 'a bundle', text: 'line\nbreak' };

const attested: Partial<AptPublisherOptions> = {
	attestations: async ({ name }) => [Buffer.from(JSON.stringify({ ...BUNDLE, name }, null, 2))],
};

const verify = async (world: AptWorld, options: { keys?: string[]; suite?: string; ahead?: number } = {}) => {
	const seen: { name: string; bundles: object[] }[] = [];
	const { keys = [world.key.publicKey], suite = 'stable', ahead = 0 } = options;
	const clock = { ...world.context.clock, now: () => Date.now() + ahead };
	const verified = await verifyRepository(
		openServedFiles(world.url),
		{
			suite,
			keys,
			onDeb: async ({ name, bundles }) => {
				seen.push({ name, bundles: bundles.map((bundle) => JSON.parse(Buffer.from(bundle).toString())) });
			},
		},
		{ ...world.context, clock },
	);
	return { verified, seen };
};

const withReleased = (task: (world: AptWorld) => Promise<void>): Promise<void> =>
	withAptWorld(async (world) => {
		await release(world, await world.publisher(attested, { 'valid-days': 10 }), [GREET, TALLY]);
		await task(world);
	});

test('every index and every package file is fetched and compared, with what is attested of it', () =>
	withReleased(async (world) => {
		const { verified, seen } = await verify(world);
		expect(verified).toMatchObject({
			suite: 'stable',
			origin: 'Example',
			components: ['main'],
			architectures: ['amd64', 'arm64'],
			indexes: 2,
			debs: [
				{ name: 'greet', version: '1.0.0-1', filename: POOL, sha256: GREET.artifact.digest.sha256 },
				{ name: 'tally', architecture: 'amd64' },
			],
		});
		expect(verified.fingerprint).toMatch(/^[0-9A-F]{40}$/);
		expect(seen).toEqual([
			{ name: 'greet', bundles: [{ ...BUNDLE, name: GREET.artifact.name }] },
			{ name: 'tally', bundles: [{ ...BUNDLE, name: TALLY.artifact.name }] },
		]);
	}));

type Damage = readonly [name: string, code: string, damage: (world: AptWorld) => Promise<void>];

const damages: readonly Damage[] = [
	['a package file changed', 'APT_BYTES_CHANGED', (world) => edit(join(world.folder, POOL), flip)],
	[
		'a package file longer',
		'APT_BYTES_CHANGED',
		(world) => edit(join(world.folder, POOL), (bytes) => Buffer.concat([bytes, bytes])),
	],
	['a package file gone', 'APT_BYTES_MISSING', (world) => rm(join(world.folder, POOL))],
	[
		'an index changed',
		'APT_BYTES_CHANGED',
		(world) => edit(suitePath(world, 'main/binary-amd64/Packages.gz'), flip),
	],
	[
		'a copy by hash changed',
		'APT_BYTES_CHANGED',
		async (world) => {
			const folder = suitePath(world, 'main/binary-amd64/by-hash/SHA256');
			const names = await readdir(folder);
			await edit(join(folder, names[0] ?? ''), flip);
		},
	],
	['every index gone', 'APT_BYTES_MISSING', (world) => rm(suitePath(world, 'main'), { recursive: true })],
	[
		'InRelease changed',
		'APT_REPOSITORY_TAMPERED',
		(world) =>
			edit(suitePath(world, 'InRelease'), (bytes) =>
				Buffer.from(bytes.toString().replace('Example', 'Exemple')),
			),
	],
	['InRelease gone', 'APT_SUITE_UNKNOWN', (world) => rm(suitePath(world, 'InRelease'))],
	[
		'InRelease without a signature',
		'APT_REPOSITORY_UNSIGNED',
		async (world) => writeFile(suitePath(world, 'InRelease'), await readFile(suitePath(world, 'Release'))),
	],
	[
		'signed by somebody else',
		'APT_REPOSITORY_OTHER_KEY',
		async (world) => signAgain(world, {}, await otherKey()),
	],
	[
		'of another suite',
		'APT_REPOSITORY_OTHER_SUITE',
		(world) => signAgain(world, { suite: 'testing', codename: 'testing' }),
	],
	[
		'dated in the future',
		'APT_DATE_AHEAD',
		(world) => signAgain(world, { date: Math.floor(Date.now() / 1000) * 1000 + DAY_MS }),
	],
	[
		'attestations that are too many',
		'APT_INDEX_INVALID',
		(world) =>
			writeFile(join(world.folder, toAttestationsPath(GREET.artifact.digest.sha256)), '{}\n'.repeat(300)),
	],
];

test.each(damages)('refused: %s (%s)', (_, code, damage) =>
	withReleased(async (world) => {
		await damage(world);
		await expect(verify(world)).rejects.toMatchObject({ code });
	}),
);

test('refused after Valid-Until, and without the right key', () =>
	withReleased(async (world) => {
		await expect(verify(world, { ahead: 11 * DAY_MS })).rejects.toMatchObject({
			code: 'APT_REPOSITORY_EXPIRED',
		});
		await expect(verify(world, { keys: [] })).rejects.toMatchObject({ code: 'APT_REPOSITORY_OTHER_KEY' });
		await expect(verify(world, { suite: 'no' })).rejects.toMatchObject({ code: 'APT_SUITE_UNKNOWN' });
	}));

test('attestations lie there before the package, stay when others come, and go with it', () =>
	withAptWorld(async (world) => {
		const path = toAttestationsPath(GREET.artifact.digest.sha256);
		const writes: string[] = [];
		const store = {
			...world.store,
			write: (...args: Parameters<typeof world.store.write>) => {
				writes.push(...args[0].map((change) => change.path));
				return world.store.write(...args);
			},
		};
		const publisher = await world.publisher({ ...attested, store });
		const subjects = await plan(world, publisher, [GREET]);
		await uploadAll(world, publisher, subjects);
		expect(writes).toEqual([path, POOL]);
		const first = await readFile(join(world.folder, path), 'utf8');
		expect(first.split('\n')).toHaveLength(2);
		const other = await world.publisher({ attestations: async () => [Buffer.from('{"other":1}')] });
		await uploadAll(world, other, subjects);
		expect(await readFile(join(world.folder, path), 'utf8')).toBe(first);
		await publisher.withdraw(subjects, 'hidden', { ...world.change, ...UNDO });
		expect(await world.store.list('')).not.toContain(path);
	}));

test('without attestations nothing is written for them', () =>
	withAptWorld(async (world) => {
		await release(world, await world.publisher(), [GREET]);
		expect(await world.store.list('attestations')).toEqual([]);
		expect((await verify(world)).seen).toEqual([{ name: 'greet', bundles: [] }]);
	}));
