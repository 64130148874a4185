import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3Store } from '@slipway/store/s3';
import {
	describePublisher,
	describeWith,
	type S3Proxy,
	type S3Server,
	type S3ServerKind,
	serveS3Proxy,
	startS3Server,
} from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { type AptWorld, plan, release, toAptWorld, UNDO, uploadAll } from './apt-world.fixture.ts';
import { toPublisherSubject } from './contract.fixture.ts';
import { toFileHeaders } from './file-headers.ts';

describe.each(['versitygw', 'minio'] satisfies S3ServerKind[])('a bucket of %s', (kind) => {
	let root: string;
	let server: S3Server;
	let proxy: S3Proxy;
	let count = 0;

	beforeAll(async () => {
		root = await mkdtemp(join(tmpdir(), `slipway-apt-${kind}-`));
		server = await startS3Server(kind, root);
		proxy = await serveS3Proxy(server);
	});
	afterAll(async () => {
		await proxy?.close();
		await server?.stop();
		await rm(root, { recursive: true, force: true, maxRetries: 3 });
	});

	/** A repository in a folder of the bucket, which users read over HTTP. */
	const openWorld = async (): Promise<AptWorld> => {
		count += 1;
		const { bucket, environment } = server;
		const folder = `apt/${count}`;
		return toAptWorld({
			root: await mkdtemp(join(tmpdir(), 'slipway-apt-')),
			folder,
			url: `${proxy.endpoint}/${bucket}/${folder}`,
			store: s3Store({ endpoint: proxy.endpoint, bucket, environment, folder, toHeaders: toFileHeaders }),
			close: async () => {},
		});
	};

	const withWorld = async (task: (world: AptWorld) => Promise<void>): Promise<void> => {
		const world = await openWorld();
		try {
			await task(world);
		} finally {
			await world.close();
		}
	};

	describeWith('apt-get', 'carries an apt repository', () => {
		describePublisher('apt', async () => toPublisherSubject(await openWorld()));

		test('that is released to, read by apt, rolled back and restored', () =>
			withWorld(async (world) => {
				await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
				const next = [
					toSampleDeb('greet', '1.1.0+a-1'),
					toSampleDeb('tally', '2.0-1', { architecture: 'amd64' }),
				];
				const subjects = await release(world, await world.publisher(), next);
				const publisher = await world.publisher();
				await publisher.verify(subjects, 'exposed', world.context);
				await (await world.publisher()).withdraw(subjects, 'exposed', { ...world.change, ...UNDO });
				await publisher.verify(subjects, 'withdrawn', world.context);
				await (await world.publisher()).expose(subjects, world.change);
				await publisher.verify(subjects, 'exposed', world.context);
			}));

		test('of which InRelease is asked about each time, and the pool is kept', () =>
			withWorld(async (world) => {
				await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
				const read = async (path: string) =>
					(await fetch(`${world.url}/${path}`)).headers.get('cache-control');
				const paths = await world.store.list('');
				const kept = await Promise.all(paths.map(async (path) => [path, await read(path)] as const));
				expect(
					kept.filter(([, control]) => control !== 'no-cache').map(([path]) => path.split('/')[0]),
				).toEqual(expect.arrayContaining(['dists', 'history', 'pool']));
				for (const [path, control] of kept)
					expect([path, control]).toEqual([path, toFileHeaders(path).cacheControl]);
			}));
	});

	test('one more package costs twelve requests', () =>
		withWorld(async (world) => {
			await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
			await release(world, await world.publisher(), [toSampleDeb('greet', '1.1.0-1')]);
			const publisher = await world.publisher();
			const subjects = await plan(world, publisher, [
				toSampleDeb('tally', '1.0.0-1', { architecture: 'amd64' }),
			]);
			const before = proxy.exchanges.length;
			await uploadAll(world, publisher, subjects);
			await publisher.expose(subjects, world.change);
			// The clock is the server's whom users ask, whichever that is: no request to the store.
			const requests = proxy.exchanges.slice(before).filter(({ url }) => !url.endsWith('/dists/'));
			expect(
				requests.map(({ method, status }) => `${method} ${status}`).filter((line) => !line.endsWith('200')),
			).toEqual([]);
			expect(requests.length).toBeLessThanOrEqual(12);
		}));

	test('two jobs that publish other packages at once both succeed', () =>
		withWorld(async (world) => {
			await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]);
			const names = ['greet', 'tally', 'libsum'];
			const released = await Promise.all(
				names.map(async (name) => release(world, await world.publisher(), [toSampleDeb(name, '2.0.0-1')])),
			);
			const publisher = await world.publisher({ client: 'built-in' });
			for (const subjects of released) await publisher.verify(subjects, 'exposed', world.context);
		}));
});
