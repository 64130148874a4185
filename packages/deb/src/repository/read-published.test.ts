import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '@slipway/core';
import { directoryStore } from '@slipway/store';
import { VirtualClock } from '@slipway/testing';
import { addDebs } from './manage.ts';
import { readPublishedDeb } from './read-published.ts';
import type { Repository } from './repository.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey } from './signing-key.ts';

const START = Date.parse('2026-11-21T05:19:00Z');
const PLACE = { suite: 'stable', component: 'main' };

let folder: string;
let repository: Repository;
let context: Context;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-published-'));
	const createdAt = START - 86_400_000;
	const made = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400, createdAt });
	repository = {
		store: directoryStore(folder),
		origin: 'Example',
		label: 'Example',
		architectures: ['amd64'],
		signingKey: await readSigningKey(made.privateKey),
		trustedKeys: [],
	};
	const log = { debug: () => {}, info: () => {}, warning: () => {} };
	context = { log, clock: new VirtualClock(START), tempDir: folder, signal: new AbortController().signal };
	const debs = ['1.9.0-1', '1.10.0-1'].map((version) => toSampleDeb('greet', version).bytes);
	await addDebs(repository, { ...PLACE, debs, keep: 5 }, { context, guard: async () => {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string, architecture = 'all') =>
	readPublishedDeb(repository, { ...PLACE, name, architecture }, context);

test('the highest version is what users get', async () => {
	expect(await read('greet')).toEqual({
		version: '1.10.0-1',
		bytes: toSampleDeb('greet', '1.10.0-1').bytes,
	});
});

test.each([
	['another package', 'tally', 'all'],
	['another architecture', 'greet', 'riscv64'],
])('%s: none', async (_, name, architecture) => {
	expect(await read(name, architecture)).toBeUndefined();
});

test('nothing published at all: none', async () => {
	const empty = { ...repository, store: directoryStore(join(folder, 'empty')) };
	expect(
		await readPublishedDeb(empty, { ...PLACE, name: 'greet', architecture: 'all' }, context),
	).toBeUndefined();
});

test('a file that was changed in the pool is refused', async () => {
	writeFileSync(join(folder, 'pool/main/g/greet/greet_1.10.0-1_all.deb'), 'other');
	await expect(read('greet')).rejects.toMatchObject({ code: 'APT_REPOSITORY_TAMPERED' });
});
