import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '@slipway/archive';
import { type Artifact, parseJson, parseWith, STAGE_RECORD_MEDIA_TYPE, StageRecord } from '@slipway/core';
import type { BuildCode } from './code.ts';

interface Facts {
	readonly tool: StageRecord['tool'];
	/** Milliseconds since 1970. */
	readonly start: number;
	readonly end: number;
	readonly inputs?: readonly Artifact[];
	readonly outputs?: readonly Artifact[];
	readonly notes: readonly string[];
}

const toDescriptors = (artifacts: readonly Artifact[] = []) =>
	artifacts.map(({ name, digest }) => ({ name, digest }));

/** The record of a stage that ran on this machine. */
export const toStageRecord = (
	stage: string,
	{ tool, start, end, inputs, outputs, notes }: Facts,
): StageRecord => ({
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage,
	tool,
	platform: { os: process.platform, arch: process.arch, node: process.version },
	start: new Date(start).toISOString(),
	end: new Date(end).toISOString(),
	inputs: toDescriptors(inputs),
	outputs: toDescriptors(outputs),
	notes: [...notes],
});

/**
 * The records of a Release, by the names of their files.
 * @throws SlipwayError STAGE_RECORD_INVALID, JSON_*
 */
export const readStageRecords = async ({ folder }: Release): Promise<readonly StageRecord[]> => {
	const names = await readdir(join(folder, 'records')).catch(() => []);
	const read = async (name: string): Promise<StageRecord> => {
		const what = `records/${name}`;
		return parseWith(StageRecord, parseJson(await readFile(join(folder, what)), what), {
			code: 'STAGE_RECORD_INVALID' satisfies BuildCode,
			what,
			hint: 'Get the Release folder again from where it was built.',
		});
	};
	return Promise.all(
		names
			.filter((name) => name.endsWith('.json'))
			.sort()
			.map(read),
	);
};

/** When the build of a Release began, ms since 1970; the far future where no record says so. */
export const readBuildStart = async (release: Release): Promise<number> => {
	const builds = (await readStageRecords(release)).filter(({ stage }) => stage === 'build');
	return Math.min(...builds.map(({ start }) => Date.parse(start)), Number.MAX_SAFE_INTEGER);
};
