import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { findS3Server, type S3Proxy, type S3ServerKind, serveS3Proxy, startS3Server } from '@slipway/testing';
import { addDebs } from '../packages/deb/src/repository/manage.ts';
import type { Repository } from '../packages/deb/src/repository/repository.ts';
import { toSampleDeb } from '../packages/deb/src/repository/sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey } from '../packages/deb/src/repository/signing-key.ts';
import { s3Store } from '../packages/store/src/s3/index.ts';
import { type Bench, type BenchRow, toSpread } from './row.ts';

const KIND: S3ServerKind = 'versitygw';
const SIZES = [100, 1_000];
const PUBLISHES = 5;

/** Requests of one package with by-hash, at most. */
const MOST_REQUESTS = 12;

const context = (tempDir: string) => ({
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) },
	tempDir,
	signal: new AbortController().signal,
});

const openRepository = async (
	proxy: S3Proxy,
	server: { readonly bucket: string; readonly environment: Readonly<Record<string, string>> },
	folder: string,
): Promise<Repository> => {
	const { bucket, environment } = server;
	const key = await generateSigningKey({ name: 'Bench', email: 'bench@example.org', days: 30 });
	return {
		store: s3Store({ bucket, environment, endpoint: proxy.endpoint, folder }),
		origin: 'Bench',
		label: 'Bench',
		architectures: ['amd64'],
		signingKey: await readSigningKey(key.privateKey),
		trustedKeys: [],
	};
};

const toDeb = (name: string, version: string): Uint8Array =>
	toSampleDeb(name, version, { architecture: 'amd64' }).bytes;

/** Requests, bytes sent and time of publishing one more package into a suite of so many. */
const benchSize = async (
	size: number,
	{ proxy, repository, tempDir }: { proxy: S3Proxy; repository: Repository; tempDir: string },
): Promise<readonly BenchRow[]> => {
	const change = { context: context(tempDir), guard: async () => {} };
	const add = (debs: readonly Uint8Array[]) =>
		addDebs(repository, { suite: 'stable', component: 'main', debs, keep: 5 }, change);
	await add(Array.from({ length: size }, (_, index) => toDeb(`package-${index}`, '1.0-1')));
	await add([toDeb('package-0', '1.1-1')]);
	const [requests, bytes, times]: [number[], number[], number[]] = [[], [], []];
	for (let run = 0; run < PUBLISHES; run += 1) {
		proxy.exchanges.length = 0;
		const deb = toDeb('one-more', `1.${run}-1`);
		const started = performance.now();
		await add([deb]);
		times.push(performance.now() - started);
		requests.push(proxy.exchanges.length);
		bytes.push(proxy.exchanges.reduce((sum, { sent }) => sum + sent, 0) / 1000);
	}
	const name = `one more apt package in a bucket with ${size.toLocaleString('en')}`;
	return [
		{ name: `${name}, requests`, unit: 'requests', ...toSpread(requests), wanted: { atMost: MOST_REQUESTS } },
		{ name: `${name}, bytes sent`, unit: 'kB', ...toSpread(bytes) },
		{ name: `${name}, time`, unit: 'ms', ...toSpread(times) },
	];
};

/** A real S3 server on this machine, whose requests are counted on their way. */
export const benchS3: Bench = async ({ tempDir, log }) => {
	if (findS3Server(KIND) === undefined) {
		log(`${KIND} is not installed, and nothing is measured on S3. To get it: npm run stores`);
		return [];
	}
	const server = await startS3Server(KIND, mkdtempSync(join(tempDir, 'server-')));
	const proxy = await serveS3Proxy(server);
	try {
		const rows: BenchRow[] = [];
		for (const size of SIZES) {
			log(`${size} packages`);
			const repository = await openRepository(proxy, server, `apt/${size}`);
			rows.push(...(await benchSize(size, { proxy, repository, tempDir })));
		}
		return rows;
	} finally {
		await proxy.close();
		await server.stop();
	}
};
