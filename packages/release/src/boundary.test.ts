import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, MANIFEST_MEDIA_TYPE, SlipwayError } from '@slipway/core';
import { directoryStore } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext, VirtualClock } from '@slipway/testing';
import type { Boundary } from './boundary.ts';
import { Journal } from './journal.ts';
import { publishTargets } from './parts.ts';
import { type ReleaseRequest, release } from './release.ts';
import { restore } from './restore.ts';
import { rollback } from './rollback.ts';

let folder: string;
let registry: SimulatedRegistry;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'boundary-'));
	registry = new SimulatedRegistry();
});
afterEach(() => rm(folder, { recursive: true }));

const clock = new VirtualClock();
const context = () => testContext(folder, clock);
const BAD: Finding = {
	severity: 'error',
	code: 'VERIFY_RECORD_MISSING',
	message: 'no record of the build',
	hint: 'build again',
};

const request = (boundary?: Boundary): ReleaseRequest => ({
	journal: new Journal(directoryStore(join(folder, 'journal')), 'demo'),
	publishers: [simulatedPublisher(registry, { id: 'one', type: 'one' })],
	run: { key: randomUUID(), actor: 'tester' },
	manifest: {
		mediaType: MANIFEST_MEDIA_TYPE,
		project: 'demo',
		version: '1.0.0',
		source: { repo: null, commit: null, ref: null },
		artifacts: [
			{
				name: 'one-1.0.0.bin',
				path: 'artifacts/one-1.0.0.bin',
				mediaType: 'application/octet-stream',
				size: 1,
				digest: { sha256: 'a'.repeat(64) },
				purl: 'pkg:one/demo@1.0.0',
			},
		],
	},
	onFailure: 'rollback',
	place: 'here',
	boundary,
});

const refuseAt =
	(refused: 'upload' | 'expose'): Boundary =>
	async (moment) =>
		moment === refused ? [BAD] : [];

test('what is refused before the upload changes nothing, and goes on once it is mended', async () => {
	const report = await release(request(refuseAt('upload')), context());
	expect(report).toMatchObject({ state: 'HELD', next: 'slipway continue 1.0.0' });
	expect(report.reason).toBe('VERIFY_RECORD_MISSING no record of the build (do: build again)');
	expect(registry.effects).toEqual([]);
	expect(
		await release(
			request(async () => []),
			context(),
		),
	).toMatchObject({ state: 'COMPLETED' });
});

test('what is refused before exposing leaves the bytes hidden', async () => {
	expect(await release(request(refuseAt('expose')), context())).toMatchObject({ state: 'HELD' });
	expect(registry.effects).toEqual(['upload one-1.0.0.bin']);
});

test('each look is given the plan and the identity of the release', async () => {
	const seen: string[] = [];
	const boundary: Boundary = async (moment, { plan, releaseId }) => {
		seen.push(`${moment} ${plan.version} ${releaseId}`);
		return [];
	};
	const { releaseId } = await release(request(boundary), context());
	expect(seen).toEqual([`upload 1.0.0 ${releaseId}`, `expose 1.0.0 ${releaseId}`]);
});

test('a boundary that throws holds the release like one that refuses', async () => {
	const thrown = new SlipwayError('SIGN_LOG_UNREACHABLE', 'the log is down', { hint: 'wait' });
	const report = await release(
		request(() => Promise.reject(thrown)),
		context(),
	);
	expect(report).toMatchObject({ state: 'HELD', reason: expect.stringContaining('SIGN_LOG_UNREACHABLE') });
	expect(registry.effects).toEqual([]);
});

test('the job of one target looks too', async () => {
	const report = await publishTargets({ ...request(refuseAt('upload')), targets: ['one'] }, context());
	expect(report.state).toBe('HELD');
	expect(registry.effects).toEqual([]);
});

test('a warning is said and stops nothing', async () => {
	const boundary: Boundary = async () => [{ ...BAD, severity: 'warning' }];
	expect(await release(request(boundary), context())).toMatchObject({ state: 'COMPLETED' });
});

test('what is brought back is looked at like what is exposed first', async () => {
	await release(request(), context());
	const undo = { ...request(), version: '1.0.0', reason: 'it is bad', act: true };
	await rollback(undo, context());
	const refused = await restore({ ...undo, boundary: refuseAt('expose') }, context());
	expect(refused.state).toBe('HELD');
	expect(registry.pointers.get('pkg:one/demo') ?? null).toBeNull();
	expect(await restore(undo, context())).toMatchObject({ state: 'COMPLETED' });
});
