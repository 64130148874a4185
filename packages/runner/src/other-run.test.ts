// An artifact of an earlier run, over a REST API and a storage that are two real servers.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { testContext, VirtualClock } from '@slipway/testing';
import { fetchRunArtifact } from './other-run.ts';
import type { RunPlace } from './run-place.ts';

const BYTES = Buffer.from('the packed Release');
const toSha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** `printf 'the packed Release' | zip` with one stored entry `release.tar`, byte by byte (APPNOTE 4.3). */
const toZip = (names: readonly string[]): Buffer => {
	const locals: Buffer[] = [];
	const centrals: Buffer[] = [];
	for (const name of names) {
		const fields = Buffer.alloc(26);
		fields.writeUInt16LE(20, 0);
		fields.writeUInt32LE(crc32(BYTES), 10);
		fields.writeUInt32LE(BYTES.length, 14);
		fields.writeUInt32LE(BYTES.length, 18);
		fields.writeUInt16LE(name.length, 22);
		const offset = Buffer.alloc(14);
		offset.writeUInt32LE(Buffer.concat(locals).length, 10);
		locals.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), BYTES);
		centrals.push(Buffer.from('PK\x01\x02\x14\x00'), fields, offset, Buffer.from(name));
	}
	const [local, central] = [Buffer.concat(locals), Buffer.concat(centrals)];
	const end = Buffer.alloc(18);
	end.writeUInt16LE(names.length, 4);
	end.writeUInt16LE(names.length, 6);
	end.writeUInt32LE(central.length, 8);
	end.writeUInt32LE(local.length, 12);
	return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
};

interface Scene {
	readonly stored?: object | null;
	readonly listStatus?: number;
	readonly zipStatus?: number;
	readonly bytes?: Uint8Array;
}

let scene: Scene;
let seen: { path: string; token: string | undefined }[];
let api: LoopbackServer;
let storage: LoopbackServer;
let folder: string;

const note = (where: string, { url = '', headers }: IncomingMessage): void => {
	seen.push({ path: where + url.replace(/\?.*/, ''), token: headers.authorization });
};

const answerApi = (request: IncomingMessage, response: ServerResponse): void => {
	note('api', request);
	const { stored, listStatus = 200, zipStatus = 302 } = scene;
	if (request.url?.endsWith('/zip'))
		return void response.writeHead(zipStatus, { location: `${storage.origin}/blob?sig=1` }).end();
	const artifact = { id: 7, name: 'release.tar', expired: false, digest: `sha256:${toSha256(BYTES)}` };
	const artifacts =
		stored === null
			? []
			: [
					{ id: 9, name: 'other.tar' },
					{ ...artifact, ...stored },
				];
	response.writeHead(listStatus, { 'content-type': 'application/json' }).end(JSON.stringify({ artifacts }));
};

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'other-run-'));
	api = await serveLoopback(answerApi);
	storage = await serveLoopback((request, response) => {
		note('storage', request);
		response.end(scene.bytes ?? BYTES);
	});
});
afterAll(async () => {
	await Promise.all([api.close(), storage.close()]);
	await rm(folder, { recursive: true });
});

const fetchIt = async (asked: Scene = {}, place: Partial<RunPlace> = {}): Promise<string> => {
	scene = asked;
	seen = [];
	const environment = {
		GITHUB_API_URL: `${api.origin}/api/v3`,
		GITHUB_TOKEN: 'the-token',
		GITHUB_REPOSITORY: 'acme/greet',
		GITHUB_RUN_ID: '200',
	};
	const bytes = await fetchRunArtifact(
		{ repository: 'acme/greet', run: '100', name: 'release.tar', sha256: toSha256(BYTES), ...place },
		{ environment, context: testContext(folder, new VirtualClock(0)) },
	);
	return Buffer.from(bytes).toString();
};

test.each<[string, Scene]>([
	['as it is', {}],
	['in a zip archive', { bytes: toZip(['release.tar']), stored: { digest: `sha256:${'0'.repeat(64)}` } }],
	['without a digest at the service', { stored: { digest: undefined } }],
])('is fetched %s; the storage is not told the token', async (_name, asked) => {
	expect(await fetchIt(asked)).toBe(BYTES.toString());
	expect(seen).toEqual([
		{ path: 'api/api/v3/repos/acme/greet/actions/runs/100/artifacts', token: 'Bearer the-token' },
		{ path: 'api/api/v3/repos/acme/greet/actions/artifacts/7/zip', token: 'Bearer the-token' },
		{ path: 'storage/blob', token: undefined },
	]);
});

test.each<[string, string, Scene, RegExp]>([
	['is not there any more', 'RUNNER_ARTIFACT_EXPIRED', { stored: null }, /90 days/],
	['has expired', 'RUNNER_ARTIFACT_EXPIRED', { stored: { expired: true } }, /90 days/],
	['went between two requests', 'RUNNER_ARTIFACT_EXPIRED', { zipStatus: 410 }, /90 days/],
	['may not be listed', 'RUNNER_ARTIFACT_FORBIDDEN', { listStatus: 403 }, /actions: read/],
	['may not be seen', 'RUNNER_ARTIFACT_FORBIDDEN', { listStatus: 404 }, /actions: read/],
	['may not be read', 'RUNNER_ARTIFACT_FORBIDDEN', { zipStatus: 403 }, /actions: read/],
	['is at a server that is down', 'RUNNER_ARTIFACT_FAILED', { listStatus: 503 }, /again/],
	['has other bytes', 'RUNNER_ARTIFACT_MISMATCH', { bytes: Buffer.from('others') }, /Nothing was used/],
	['is one of two', 'RUNNER_ARTIFACT_MISMATCH', { bytes: toZip(['a.tar', 'b.tar']) }, /Nothing was used/],
	['is half a zip archive', 'ARCHIVE_CORRUPT', { bytes: toZip(['a']).subarray(0, 60) }, /./],
])('one that %s is refused', async (_name, code, asked, hint) => {
	const error: unknown = await fetchIt(asked).catch((thrown: unknown) => thrown);
	expect(error).toMatchObject({ name: 'SlipwayError', code, hint: expect.stringMatching(hint) });
	expect(String(error)).not.toContain('the-token');
});

test('one of another repository is not even asked for', async () => {
	const pending = fetchIt({}, { repository: 'mallory/greet' });
	await expect(pending).rejects.toMatchObject({ code: 'RUNNER_PLACE_INVALID' });
	expect(seen).toEqual([]);
});
