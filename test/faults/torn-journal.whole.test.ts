// F1, F24: a journal whose records are torn at any byte, forged or lost never causes a skip or a second write.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, SlipwayError } from '@slipway/core';
import { Journal, type ReleaseReport, release } from '@slipway/release';
import { directoryStore } from '@slipway/store';
import { SimulatedRegistry, simulatedPublisher, testContext } from '@slipway/testing';

const VERSION = '1.0.0';
const TYPES = ['one', 'two'] as const;

const MANIFEST: Manifest = {
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'demo',
	version: VERSION,
	source: { repo: null, commit: null, ref: null },
	artifacts: TYPES.map((type) => ({
		name: `${type}.bin`,
		path: `artifacts/${type}.bin`,
		mediaType: 'application/octet-stream',
		size: 1,
		digest: { sha256: 'a'.repeat(64) },
		purl: `pkg:${type}/demo@${VERSION}`,
	})),
};

const EFFECTS = TYPES.flatMap((type) => [`expose pkg:${type}/demo ${VERSION}`, `upload ${type}.bin`]).sort();

let folder: string;
let registries: readonly SimulatedRegistry[];

const runRelease = (): Promise<ReleaseReport> =>
	release(
		{
			journal: new Journal(directoryStore(join(folder, 'journal')), 'demo'),
			publishers: TYPES.map((type, index) =>
				simulatedPublisher(registries[index] ?? new SimulatedRegistry(), { id: type, type }),
			),
			run: { key: randomUUID(), actor: 'tester' },
			manifest: MANIFEST,
			onFailure: 'rollback',
			place: 'here',
		},
		testContext(folder),
	);

const effects = (): string[] => registries.flatMap((registry) => registry.effects).sort();

const readJournal = (): Promise<readonly string[]> => directoryStore(join(folder, 'journal')).list('');

/** The journal as a run leaves it that is killed at the very end: nothing says yet how it ended. */
const removeEnds = async (): Promise<void> => {
	for (const path of await readJournal())
		if (/-end\.json$/.test(path)) await rm(join(folder, 'journal', path));
};

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'slipway-torn-'));
	registries = TYPES.map(() => new SimulatedRegistry());
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const findRecord = async (pattern: RegExp): Promise<{ place: string; bytes: Buffer }> => {
	const path = (await readJournal()).find((candidate) => pattern.test(candidate));
	if (path === undefined) throw new Error(`no record ${pattern} in ${await readJournal()}`);
	const place = join(folder, 'journal', path);
	return { place, bytes: await readFile(place) };
};

test.each([/outcomes\/\d+-upload-one/, /outcomes\/\d+-expose-two/])(
	'an outcome %s torn at every byte: the release ends well and nothing is done twice',
	async (pattern) => {
		await runRelease();
		await removeEnds();
		const { place, bytes } = await findRecord(pattern);
		expect(bytes.length).toBeGreaterThan(50);
		const records = await readJournal();
		for (let length = 0; length < bytes.length; length += 1) {
			await writeFile(place, bytes.subarray(0, length));
			expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
			expect(effects()).toEqual(EFFECTS);
			for (const path of await readJournal())
				if (!records.includes(path)) await rm(join(folder, 'journal', path));
		}
	},
	900_000,
);

test.each([/fences\/demo\/\d+\.json/, /plan\.json/])(
	'a record %s that says who acts on what, torn at every byte: a clear stop, and no change; whole again, it goes on',
	async (pattern) => {
		await runRelease();
		await removeEnds();
		const { place, bytes } = await findRecord(pattern);
		for (let length = 0; length < bytes.length; length += 1) {
			await writeFile(place, bytes.subarray(0, length));
			const thrown = await runRelease().catch((error: unknown) => error);
			expect(thrown).toBeInstanceOf(SlipwayError);
			expect((thrown as SlipwayError).code).toMatch(/^(JOURNAL_CORRUPT|PLAN_INVALID|JSON_INVALID)$/);
			expect((thrown as SlipwayError).hint).not.toBe('');
			expect(effects()).toEqual(EFFECTS);
		}
		await writeFile(place, bytes);
		expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
		expect(effects()).toEqual(EFFECTS);
	},
	900_000,
);

describe('a release that stopped half way', () => {
	const half = async (): Promise<void> => {
		for (const registry of registries)
			registry.fault = (mutation) => (mutation.startsWith('expose') ? 'refused' : undefined);
		expect((await runRelease()).state).not.toBe('COMPLETED');
		for (const registry of registries) registry.fault = () => undefined;
		await removeEnds();
		for (const path of await readJournal())
			if (path.endsWith('-compensate.json')) await rm(join(folder, 'journal', path));
		expect(effects()).toEqual(['upload one.bin', 'upload two.bin']);
	};

	test('its journal lost as a whole: the registries say what is there, only the rest is done', async () => {
		await half();
		await rm(join(folder, 'journal'), { recursive: true });
		expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
		expect(effects()).toEqual(EFFECTS);
	});

	test('its outcomes deleted one by one', async () => {
		await half();
		for (const path of (await readJournal()).filter((candidate) => candidate.includes('/outcomes/')))
			await rm(join(folder, 'journal', path));
		expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
		expect(effects()).toEqual(EFFECTS);
	});

	test('outcomes forged that say all is done: done it is only when the registries say so', async () => {
		await half();
		const { bytes } = await findRecord(/upload-one/);
		for (const name of ['expose-one', 'expose-two', 'end', 'verify-one', 'verify-two'])
			await writeFile(
				join(folder, 'journal', 'releases', 'demo', VERSION, 'outcomes', `000001-${name}.json`),
				String(bytes).replace('"upload"', '"expose"'),
			);
		expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
		expect(effects()).toEqual(EFFECTS);
	});

	test('an end forged that says COMPLETED', async () => {
		await half();
		const { place } = await findRecord(/fences\/demo\/\d+\.json/);
		await writeFile(
			place.replace('.json', '-end.json'),
			JSON.stringify({ state: 'COMPLETED', reason: 'trust me', time: '2026-01-01T00:00:00.000Z' }),
		);
		expect(await runRelease()).toMatchObject({ state: 'COMPLETED' });
		expect(effects()).toEqual(EFFECTS);
	});
});
