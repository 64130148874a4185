import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { verifiedStore } from '@slipway/store';
import { s3Store } from '@slipway/store/s3';
import {
	type S3Proxy,
	type S3Server,
	type S3ServerKind,
	SimulatedRegistry,
	serveS3Proxy,
	simulatedPublisher,
	startS3Server,
	testContext,
	VirtualClock,
} from '@slipway/testing';
import { Journal } from './journal.ts';
import { type ReleaseRequest, release } from './release.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';

const toManifest = (version: string, seed = 'a'): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version,
	source: { repo: null, commit: null, ref: null },
	artifacts: [
		{
			name: `one-${version}.bin`,
			path: `artifacts/one-${version}.bin`,
			mediaType: 'application/octet-stream',
			size: 1,
			digest: { sha256: seed.repeat(64) },
			purl: `pkg:one/demo@${version}`,
		},
	],
});

describe.each(['versitygw', 'minio'] satisfies S3ServerKind[])('a journal in a bucket of %s', (kind) => {
	let folder: string;
	let server: S3Server;
	let proxy: S3Proxy;
	let registry: SimulatedRegistry;
	let losesEvery = 0;
	let writes = 0;
	let count = 0;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), `slipway-journal-${kind}-`));
		server = await startS3Server(kind, folder);
		proxy = await serveS3Proxy(server, {
			loseReply: ({ method }) => {
				if (method !== 'PUT' || losesEvery === 0) return undefined;
				writes += 1;
				return writes % losesEvery === 0 ? 'reset' : undefined;
			},
		});
	});
	afterAll(async () => {
		await proxy?.close();
		await server?.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	beforeEach(() => {
		registry = new SimulatedRegistry();
		losesEvery = 0;
		count += 1;
	});

	/** As a job of its own would: nothing is known of the journal but what is read. */
	const request = (manifest: Manifest): ReleaseRequest => {
		const { bucket, environment } = server;
		const store = s3Store({
			bucket,
			environment,
			endpoint: proxy.endpoint,
			folder: `journal/${count}`,
			patience: { sleep: async () => {} },
		});
		return {
			journal: new Journal(verifiedStore(store), 'demo'),
			publishers: [simulatedPublisher(registry, { id: 'one', type: 'one' })],
			run: { key: randomUUID(), actor: 'tester' },
			manifest,
			onFailure: 'rollback',
			place: 'here',
		};
	};
	const context = () => testContext(folder, new VirtualClock());
	const undo = (version: string) => ({
		...request(toManifest(version)),
		version,
		reason: 'it is bad',
		act: true,
	});
	const pointer = () => registry.pointers.get('pkg:one/demo') ?? null;

	test.each([0, 2, 3])(
		'carries a release, its rollback and its restoration (every %i. reply lost)',
		async (every) => {
			losesEvery = every;
			expect(await release(request(toManifest('1.0.0')), context())).toMatchObject({ state: 'COMPLETED' });
			expect(await release(request(toManifest('1.1.0')), context())).toMatchObject({ state: 'COMPLETED' });
			const effects = registry.effects.length;
			expect(await release(request(toManifest('1.1.0')), context())).toMatchObject({ state: 'COMPLETED' });
			expect(registry.effects).toHaveLength(effects);
			expect(await rollback(undo('1.1.0'), context())).toMatchObject({ state: 'ROLLED_BACK' });
			expect(pointer()).toBe('1.0.0');
			expect(await restore(undo('1.1.0'), context())).toMatchObject({ state: 'COMPLETED' });
			expect(pointer()).toBe('1.1.0');
		},
	);

	test('gives a version to one of two that would release it with other bytes at once', async () => {
		const settled = await Promise.allSettled(
			['a', 'b'].map((seed) => release(request(toManifest('1.0.0', seed)), context())),
		);
		const states = settled.map((result) =>
			result.status === 'fulfilled' ? result.value.state : String(result.reason.code),
		);
		expect(states.filter((state) => state === 'COMPLETED')).toHaveLength(1);
		expect(registry.effects.filter((effect) => JSON.stringify(effect).includes('upload'))).toHaveLength(1);
	});

	test('is not begun on a server that does not compare', async () => {
		const careless = await serveS3Proxy(server, { strip: ['if-none-match'] });
		const { bucket, environment } = server;
		const store = s3Store({ bucket, environment, endpoint: careless.endpoint, folder: `journal/${count}` });
		const journal = new Journal(verifiedStore(store), 'demo');
		await expect(release({ ...request(toManifest('1.0.0')), journal }, context())).rejects.toMatchObject({
			code: 'STORE_CONDITIONS_IGNORED',
		});
		expect([registry.effects, await store.list('')]).toEqual([[], []]);
		await careless.close();
	});
});
