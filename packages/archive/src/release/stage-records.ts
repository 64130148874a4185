import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
	type Descriptor,
	parseJson,
	parseWith,
	STAGE_RECORD_MEDIA_TYPE,
	STAGES,
	type StageName,
	StageRecord,
} from '@slipway/core';
import type { ReleaseCode } from './error.ts';
import { hashBytes } from './hash-file.ts';
import type { Release } from './read-release.ts';
import { toRecordPath, writeStageRecord } from './write-release.ts';

/** What a stage knows of itself when it ends. */
export interface StageFacts {
	readonly tool: StageRecord['tool'];
	/** Milliseconds since 1970. */
	readonly start: number;
	readonly end: number;
	readonly inputs?: readonly Descriptor[];
	readonly outputs?: readonly Descriptor[];
	readonly follows?: readonly Descriptor[];
	readonly notes: readonly string[];
}

/** A record as it lies in a Release. */
export interface StoredRecord {
	/** Path in the Release. */
	readonly path: string;
	/** Of the file's bytes. */
	readonly digest: { readonly sha256: string };
	readonly bytes: Uint8Array;
	readonly record: StageRecord;
}

const toDescriptors = (files: readonly Descriptor[] = []): Descriptor[] =>
	files.map(({ name, digest }) => ({ name, digest }));

/** The record of a stage that ran on this machine. */
export const toStageRecord = (stage: StageName, facts: StageFacts): StageRecord => ({
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage,
	tool: facts.tool,
	platform: { os: process.platform, arch: process.arch, node: process.version },
	start: new Date(facts.start).toISOString(),
	end: new Date(facts.end).toISOString(),
	inputs: toDescriptors(facts.inputs),
	outputs: toDescriptors(facts.outputs),
	follows: toDescriptors(facts.follows),
	notes: [...facts.notes],
});

const readStored = async (folder: string, path: string): Promise<StoredRecord> => {
	const bytes = await readFile(join(folder, path));
	const record = parseWith(StageRecord, parseJson(bytes, path), {
		code: 'STAGE_RECORD_INVALID' satisfies ReleaseCode,
		what: path,
		hint: 'Get the Release folder again from where it was built.',
	});
	return { path, digest: { sha256: hashBytes(bytes).digest.sha256 }, bytes, record };
};

/**
 * The records of a Release, by the names of their files.
 * @throws SlipwayError STAGE_RECORD_INVALID, JSON_*
 */
export const readStageRecords = async ({ folder }: Pick<Release, 'folder'>): Promise<StoredRecord[]> => {
	const names = await readdir(join(folder, 'records')).catch(() => []);
	const paths = names
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => `records/${name}`);
	return Promise.all(paths.map((path) => readStored(folder, path)));
};

const toOrder = (stage: string): number => STAGES.indexOf(stage as StageName);

/** Signing and what comes after it speak of every record before them; the others only of those that they found. */
const isUntrueAfter = ({ record }: StoredRecord, stage: StageName, isAgain: boolean): boolean =>
	toOrder(record.stage) > toOrder(stage) && (isAgain || toOrder(record.stage) >= toOrder('sign'));

/**
 * Adds the record of a stage to a Release. It names the records of all earlier stages by digest; those of later stages
 * that this one makes untrue are removed.
 * @returns its path in the folder
 * @throws SlipwayError STAGE_RECORD_INVALID, RELEASE_PATH_UNSAFE
 */
export const writeStage = async (
	{ folder }: Pick<Release, 'folder'>,
	stage: StageName,
	facts: Omit<StageFacts, 'follows'>,
): Promise<string> => {
	const stored = await readStageRecords({ folder });
	const earlier = stored.filter(({ record }) => toOrder(record.stage) < toOrder(stage));
	const follows = earlier.map(({ path, digest }) => ({ name: path, digest }));
	const record = toStageRecord(stage, { ...facts, follows });
	const isAgain = stored.some(({ path }) => path === toRecordPath(record));
	for (const later of stored.filter((each) => isUntrueAfter(each, stage, isAgain)))
		await rm(join(folder, later.path), { force: true });
	return writeStageRecord(folder, record);
};
