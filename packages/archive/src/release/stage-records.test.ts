import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { readStageRecords, writeStage } from './stage-records.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const facts = (start: number) => ({
	tool: { name: 'slipway', version: '0.0.0' },
	start,
	end: start,
	notes: [],
});
const readStages = async (): Promise<string[]> =>
	(await readStageRecords({ folder })).map(({ record }) => record.stage).sort();

test('a record names those of earlier stages by the digest of their files', async () => {
	await writeStage({ folder }, 'build', facts(1));
	await writeStage({ folder }, 'test', facts(2));
	await writeStage({ folder }, 'sbom', facts(3));
	const stored = await readStageRecords({ folder });
	const sbom = stored.find(({ record }) => record.stage === 'sbom');
	expect(sbom?.record.follows).toEqual(
		stored
			.filter(({ record }) => record.stage !== 'sbom')
			.map(({ path, digest }) => ({ name: path, digest })),
	);
	expect(stored.find(({ record }) => record.stage === 'build')?.record.follows).toEqual([]);
});

test('a stage run again takes away the records that saw its older one', async () => {
	for (const [time, stage] of (['build', 'test', 'sbom', 'sign'] as const).entries())
		await writeStage({ folder }, stage, facts(time));
	await writeStage({ folder }, 'test', facts(9));
	expect(await readStages()).toEqual(['build', 'test']);
});

test('a stage run late takes away only what speaks of every record', async () => {
	for (const [time, stage] of (['build', 'sbom', 'sign', 'gate'] as const).entries())
		await writeStage({ folder }, stage, facts(time));
	await writeStage({ folder }, 'test', facts(9));
	expect(await readStages()).toEqual(['build', 'sbom', 'test']);
});

test('a record that is none is refused by name', async () => {
	await writeStage({ folder }, 'build', facts(1));
	const [name = ''] = await readdir(join(folder, 'records'));
	await writeFile(join(folder, 'records', name), '{"stage":"build"}');
	await expect(readStageRecords({ folder })).rejects.toEqual(
		expect.objectContaining({ code: 'STAGE_RECORD_INVALID', message: expect.stringContaining(name) }),
	);
	await expect(readStageRecords({ folder })).rejects.toBeInstanceOf(SlipwayError);
});
