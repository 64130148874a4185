import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toGzip, toTarBytes } from '@slipway/archive';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { COMPILE_CACHE } from '@slipway/testing';
import { lookWithNpm } from '../consumer/look-with-npm.ts';
import { type NpmFront, startNpmFront, startVerdaccio, type Verdaccio } from '../npm-registry/index.ts';
import { findPublished } from './published-package.ts';
import { putPackage } from './put-package.ts';

/** A registry as the user has configured one: one package, under a path. */
const servePublished = (versions: Readonly<Record<string, Uint8Array>>, lie?: Uint8Array) => {
	const toVersion = (origin: string, [version, tarball]: readonly [string, Uint8Array]) => {
		const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
		const dist = { tarball: `${origin}/npm/@acme/box/-/box-${version}.tgz`, integrity };
		return [version, { name: '@acme/box', version, description: 'a box', dist }];
	};
	return serveLoopback((request, response) => {
		const origin = `http://${request.headers.host}`;
		const file = /-\/box-(.+)\.tgz$/.exec(request.url ?? '')?.[1];
		if (request.url === '/npm/@acme%2fbox') {
			const entries = Object.entries(versions).map((entry) => toVersion(origin, entry));
			return response.end(JSON.stringify({ name: '@acme/box', versions: Object.fromEntries(entries) }));
		}
		return response.writeHead(file ? 200 : 404).end(file ? (lie ?? versions[file]) : 'none');
	});
};

const makeTarball = (version: string): Uint8Array => {
	const content = Buffer.from(JSON.stringify({ name: '@acme/box', version }));
	return toGzip(
		toTarBytes([{ type: 'file', name: 'package/package.json', content, mode: 0o644 }], { mtime: 0 }),
	);
};

let configured: LoopbackServer;
let tarballs: Record<string, Uint8Array>;

beforeAll(async () => {
	tarballs = Object.fromEntries(
		['1.0.0', '1.4.0', '2.0.0'].map((version) => [version, makeTarball(version)]),
	);
	configured = await servePublished(tarballs);
});

afterAll(() => configured.close());

describe('the previous version', () => {
	test('is the highest published one below, with its own bytes', async () => {
		const found = await findPublished(`${configured.origin}/npm/`, '@acme/box', '2.0.0');
		expect(found).toMatchObject({ version: '1.4.0', manifest: { description: 'a box' } });
		expect(found?.tarball).toEqual(Buffer.from(tarballs['1.4.0'] ?? []));
	});

	test.each<[string, string, string]>([
		['is not published', '/npm/', '1.0.0'],
		['the registry does not know the name', '/other/', '2.0.0'],
	])('is made up where it %s', async (_name, path, version) => {
		expect(await findPublished(`${configured.origin}${path}`, '@acme/box', version)).toBeUndefined();
	});

	test('is made up where nothing listens, and where the bytes are not those of the registry', async () => {
		expect(await findPublished('http://127.0.0.1:9/', '@acme/box', '2.0.0')).toBeUndefined();
		const liar = await servePublished(tarballs, Buffer.from('other bytes'));
		expect(await findPublished(`${liar.origin}/npm/`, '@acme/box', '2.0.0')).toBeUndefined();
		await liar.close();
	});
});

describe('in the embedded registry', () => {
	const folder = mkdtempSync(join(tmpdir(), 'slipway-seed-'));
	let verdaccio: Verdaccio;
	let front: NpmFront;

	beforeAll(async () => {
		verdaccio = await startVerdaccio(
			{ folder: join(folder, 'registry'), neverProxy: ['@acme/box'] },
			COMPILE_CACHE,
		);
		front = await startNpmFront({ upstream: verdaccio });
	});

	afterAll(async () => {
		await front?.stop();
		await verdaccio?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const look = (pointer: string) => {
		const place = mkdtempSync(join(folder, 'look-'));
		const environment = { PATH: process.env.PATH };
		const { signal } = new AbortController();
		return lookWithNpm({ name: '@acme/box', pointer }, front.origin, { folder: place, environment, signal });
	};

	test('npm finds nothing, then the seeded version with its own bytes', async () => {
		expect(await look('latest')).toMatchObject({ version: null, sha256: null });
		const seed = await findPublished(`${configured.origin}/npm/`, '@acme/box', '2.0.0');
		if (!seed) throw new Error('expected a published version');
		await putPackage({ registry: front, token: verdaccio.token }, seed);
		const sha256 = createHash('sha256').update(seed.tarball).digest('hex');
		expect(await look('latest')).toMatchObject({
			version: '1.4.0',
			sha256,
			client: expect.stringMatching(/^npm \d/),
		});
		expect(await look('next')).toMatchObject({ version: null });
	});

	test('what the registry refuses is an error', async () => {
		const seed = { name: '@acme/box', version: '3.0.0', manifest: {}, tarball: new Uint8Array([1]) };
		await expect(putPackage({ registry: front, token: 'wrong' }, seed)).rejects.toMatchObject({
			code: 'REHEARSAL_COMMAND_FAILED',
		});
	});
});
