// Repositories that real reprepro and real aptly published, and clients of them that real apt-get is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeContext } from '@slipway/core';
import { serveLoopback, toFolderHandler } from '@slipway/http';
import { directoryStore } from '@slipway/store';
import { describeWith } from '@slipway/testing';
import { type AptRoot, runApt, updateLists, withAptRoot } from '../publisher/apt-root.ts';
import { toContext } from '../publisher/apt-world.fixture.ts';
import { openServedFiles } from '../publisher/served-files.ts';
import { toClearText } from './clear-text.ts';
import { addDebs } from './manage.ts';
import { type OldTool, publishByOldTool, readServed } from './old-tools.fixture.ts';
import { parseRelease, type Release } from './release-file.ts';
import type { Repository } from './repository.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { type GeneratedKey, generateSigningKey, readSigningKey } from './signing-key.ts';
import { takeOverSuite } from './take-over.ts';
import { verifyRepository } from './verify-repository.ts';

const ARCHITECTURES = ['amd64', 'arm64'];

let root: string;
let change: ChangeContext;
let key: GeneratedKey;

const makeKey = (name: string): Promise<GeneratedKey> =>
	generateSigningKey({
		name,
		email: `${name.toLowerCase()}@example.org`,
		days: 400,
		createdAt: Date.now() - 200_000_000,
	});

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'slipway-take-over-'));
	change = { context: toContext(root), guard: async () => {} };
	key = await makeKey('Ada');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const toRepository = async (folder: string, privateKey = key.privateKey): Promise<Repository> => ({
	store: directoryStore(folder),
	origin: 'Example',
	label: 'Example',
	architectures: ARCHITECTURES,
	signingKey: await readSigningKey(privateKey),
	trustedKeys: [key.publicKey],
});

const readRelease = async (folder: string, suite: string): Promise<Release> =>
	parseRelease(toClearText(await readServed(folder, `dists/${suite}/InRelease`)));

/** What apt compares between two Releases, or pins by. */
const toPinned = ({ origin, label, suite, codename, others, components, architectures }: Release) => ({
	...{ origin, label, suite, codename, others, components, architectures },
});

const listDebs = async (folder: string, suite: string) => {
	const files = { get: async (path: string) => (await directoryStore(folder).read(path))?.bytes ?? null };
	const { debs } = await verifyRepository(files, { suite, keys: [key.publicKey] }, change.context);
	return debs.toSorted((a, b) => (a.filename < b.filename ? -1 : 1));
};

/** A client that knows nothing of Slipway, with the sources and the key that it always had. */
const withOldClient = async (
	folder: string,
	task: (client: AptRoot, url: string) => Promise<void>,
	trusted = key.publicKey,
) => {
	const server = await serveLoopback(toFolderHandler(folder));
	const source = {
		url: server.origin,
		suite: 'stable',
		component: 'main',
		architectures: ARCHITECTURES,
		key: trusted,
	};
	try {
		await withAptRoot(source, change.context, (client) => task(client, server.origin));
	} finally {
		await server.close();
	}
};

const run = async (client: AptRoot, ...argv: [string, ...string[]]): Promise<string> => {
	const { code, stdout, stderr } = await runApt(client, argv);
	expect([code, stderr.split('\n').filter((line) => /^[EW]:/.test(line))]).toEqual([0, []]);
	return stdout;
};

const STATUS =
	'Package: greet\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\nMaintainer: Ada <ada@example.org>\nDescription: sample\n';

const addGreet = async (repository: Repository): Promise<void> => {
	const { bytes } = toSampleDeb('greet', '1.2-1', { architecture: 'amd64' });
	await addDebs(repository, { suite: 'stable', component: 'main', debs: [bytes], keep: 5 }, change);
};

/** apt holds back what is NotAutomatic, unless a version of it is installed already. */
const checkUpgrade = async (client: AptRoot): Promise<void> => {
	await updateLists(client);
	expect(await run(client, 'apt-get', '-s', 'upgrade')).toMatch(/^Inst greet \[1\.0-1\] \(1\.2-1 Example/m);
	await run(client, 'apt-get', 'download', 'greet', 'tally');
};

describe.each<OldTool>(['reprepro', 'aptly'])('%s', (tool) => {
	describeWith(tool, 'a repository of it', () => {
		test('is taken over in place, and clients that knew it go on without a question', async () => {
			const folder = await publishByOldTool(tool, { folder: root, key });
			const repository = await toRepository(folder);
			await withOldClient(folder, async (client) => {
				await writeFile(join(client.folder, 'var/lib/dpkg/status'), STATUS);
				await updateLists(client);
				for (const suite of ['stable', 'testing']) {
					const [before, debs] = [await readRelease(folder, suite), await listDebs(folder, suite)];
					const inRelease = await readServed(folder, `dists/${suite}/InRelease`);
					const looked = await takeOverSuite(repository, { suite, dryRun: true }, change);
					expect(looked).toMatchObject({ outcome: 'looked', packages: debs.length, copied: 0 });
					expect(await readServed(folder, `dists/${suite}/InRelease`)).toEqual(inRelease);
					const taken = await takeOverSuite(repository, { suite }, change);
					expect(taken).toMatchObject({ outcome: 'taken-over', packages: debs.length, copied: 0 });
					const after = await readRelease(folder, suite);
					expect(toPinned(after)).toEqual(toPinned(before));
					expect([after.serial, after.date > before.date]).toEqual([1, true]);
					expect(await listDebs(folder, suite)).toEqual(debs);
					expect((await takeOverSuite(repository, { suite }, change)).outcome).toBe('already');
				}
				await updateLists(client);
				await addGreet(repository);
				await checkUpgrade(client);
			});
		}, 900_000);

		test('is brought into another store from where it is served, and is the same there', async () => {
			const folder = await publishByOldTool(tool, { folder: root, key });
			const next = join(root, 'next');
			const repository = await toRepository(next);
			await withOldClient(folder, async (_client, url) => {
				for (const suite of ['stable', 'testing']) {
					const taken = await takeOverSuite(repository, { suite, from: openServedFiles(url) }, change);
					expect(taken.outcome).toBe('taken-over');
					expect(taken.copied).toBeGreaterThan(taken.packages);
					expect(await listDebs(next, suite)).toEqual(await listDebs(folder, suite));
					expect(toPinned(await readRelease(next, suite))).toEqual(
						toPinned(await readRelease(folder, suite)),
					);
				}
				const again = { suite: 'stable', from: openServedFiles(url) };
				expect((await takeOverSuite(repository, again, change)).outcome).toBe('already');
			});
			await withOldClient(next, async (client) => {
				await writeFile(join(client.folder, 'var/lib/dpkg/status'), STATUS);
				await addGreet(repository);
				await checkUpgrade(client);
			});
		}, 900_000);

		test('gets a new key while clients with the old one go on, and the new ones begin', async () => {
			const folder = await publishByOldTool(tool, { folder: root, key });
			const fresh = await makeKey('Grace');
			const repository = await toRepository(folder, fresh.privateKey + key.privateKey);
			expect(repository.signingKey?.fingerprint).toBe(fresh.fingerprint);
			await withOldClient(folder, async (client) => {
				await updateLists(client);
				await takeOverSuite(repository, { suite: 'stable' }, change);
				await updateLists(client);
			});
			await withOldClient(folder, updateLists, fresh.publicKey);
			await expect(
				withOldClient(folder, updateLists, (await makeKey('Eve')).publicKey),
			).rejects.toMatchObject({
				message: expect.stringContaining('NO_PUBKEY'),
			});
			await addGreet(await toRepository(folder, fresh.privateKey));
			await withOldClient(folder, updateLists, fresh.publicKey);
		}, 900_000);
	});
});
