// What a job that ran tests may hand on: what it was handed, and its own two records.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, readRelease, toStageRecord, writeRelease, writeStage } from '@slipway/archive';
import { MANIFEST_MEDIA_TYPE } from '@slipway/core';
import { verifyProved } from './proved.ts';

let temp: string;
let built: string;
let proved: string;

const FACTS = { tool: { name: 't', version: '0' }, start: 0, end: 1, notes: [] };

const make = async (folder: string, text: string): Promise<void> => {
	const path = join(temp, 'a.tgz');
	await writeFile(path, text);
	const artifact = {
		name: 'a.tgz',
		path: 'artifacts/a.tgz',
		mediaType: 'application/octet-stream',
		purl: 'pkg:generic/a@1.0.0',
		...hashBytes(Buffer.from(text)),
	};
	await writeRelease(folder, {
		manifest: {
			mediaType: MANIFEST_MEDIA_TYPE,
			project: 'p',
			version: '1.0.0',
			source: { repo: null, commit: 'a'.repeat(40), ref: null },
			artifacts: [artifact],
		},
		files: { 'a.tgz': path },
		records: [toStageRecord('build', FACTS)],
		epoch: 1_700_000_000,
	});
};

const addStages = async (...stages: readonly ('test' | 'reproduce' | 'gate')[]): Promise<void> => {
	for (const stage of stages) await writeStage(await readRelease(proved), stage, FACTS);
};

beforeEach(async () => {
	temp = await mkdtemp(join(tmpdir(), 'slipway-proved-'));
	built = join(temp, 'built');
	proved = join(temp, 'proved');
	await make(built, 'what was built');
	await cp(built, proved, { recursive: true });
	await addStages('test', 'reproduce');
});
afterEach(() => rm(temp, { recursive: true }));

test('the part of the build with records of tests and of a second build', async () => {
	await expect(verifyProved(proved, built)).resolves.toBeUndefined();
});

const PLATFORM = `${process.platform}-${process.arch}`;
const changes: readonly [name: string, change: () => Promise<unknown>, said: RegExp][] = [
	[
		'another Release, whole in itself',
		async () => {
			await rm(proved, { recursive: true });
			await make(proved, 'what the tests wrote');
			await addStages('test', 'reproduce');
		},
		/other bytes/,
	],
	['an artifact', () => writeFile(join(proved, 'artifacts/a.tgz'), 'X'), /artifacts\/a\.tgz.*other bytes/],
	[
		'the record of the build',
		() => writeFile(join(proved, `records/build-${PLATFORM}.json`), '{}'),
		/records\/build.*other bytes/,
	],
	['a file that went', () => rm(join(proved, 'SHA256SUMS')), /SHA256SUMS.*no such file/],
	['a record of a stage that is not its own', () => addStages('gate'), /1 more of other stages/],
];

test.each(changes)('%s is refused', async (_name, change, said) => {
	await change();
	await expect(verifyProved(proved, built)).rejects.toMatchObject({
		code: 'JOIN_PROVED_CHANGED',
		message: expect.stringMatching(said),
	});
});
