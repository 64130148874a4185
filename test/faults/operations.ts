import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finished, run } from '@slipway/process';
import type { ReleaseReport } from '@slipway/release';
import { killAtRequest } from './kill-at-request.ts';
import { VERSION, type World } from './world.ts';

/** One operation whose every step is tried: the saved state it begins in, its command, and its end. */
export interface FaultyOperation {
	readonly name: 'release' | 'signed release' | 'abort' | 'rollback' | 'restore' | 'compensation';
	readonly from: string;
	readonly args: readonly string[];
	readonly end: ReleaseReport['state'];
	/** Its exit status. */
	readonly code: number;
	/**
	 * It fails half way and takes back what it did: meanwhile npm's default shows the new version, and a second run goes
	 * through it once more, because no record but the targets decide.
	 */
	readonly takesBack: boolean;
	/** It signs, and verifies under a policy before anything is uploaded. */
	readonly signs: boolean;
}

const REASON = ['--reason', 'it breaks'];

const WELL = { code: 0, takesBack: false, signs: false } as const;

export const OPERATIONS: readonly FaultyOperation[] = [
	{ ...WELL, name: 'release', from: 'changed', args: ['release'], end: 'COMPLETED' },
	{ ...WELL, name: 'signed release', from: 'signed', args: ['release'], end: 'COMPLETED', signs: true },
	{ ...WELL, name: 'abort', from: 'hidden', args: ['abort', VERSION, ...REASON], end: 'ABORTED' },
	{
		...WELL,
		name: 'rollback',
		from: 'released',
		args: ['rollback', VERSION, ...REASON, '--yes'],
		end: 'ROLLED_BACK',
	},
	{
		...WELL,
		name: 'restore',
		from: 'rolled-back',
		args: ['restore', VERSION, '--yes'],
		end: 'COMPLETED',
	},
	{
		name: 'compensation',
		from: 'apt-refuses',
		args: ['release'],
		end: 'ROLLED_BACK',
		code: 6,
		takesBack: true,
		signs: false,
	},
];

export const runSlipway = (world: World, args: readonly string[]): Promise<Finished> => {
	const { cwd, environment } = world;
	return run(world.toArgv(args), { cwd, environment, timeoutMs: 120_000 });
};

/** The report that a finished command printed. @throws AssertionError where it printed none */
export const toReport = ({ stdout, stderr }: Finished): ReleaseReport => {
	const report = JSON.parse(stdout || '{}');
	assert(report.state, `expected a report, got:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
	return report;
};

const runTo = async (world: World, args: readonly string[], end: string): Promise<void> => {
	const { state, reason, subjects } = toReport(await runSlipway(world, args));
	assert.equal(state, end, `${args.join(' ')}: ${reason} ${JSON.stringify(subjects)}`);
};

/**
 * From now on the apt repository can be read and its pool written, but no new state can be signed: a folder lies where the
 * detached signature belongs. By then npm has been exposed.
 */
const refuseToSign = async ({ folders }: World): Promise<void> => {
	const signature = join(folders.apt, 'dists', 'stable', 'Release.gpg');
	await rm(signature);
	await mkdir(signature);
	await writeFile(join(signature, 'in-the-way'), '');
};

/**
 * Brings a fresh world to each state that operations begin in, and saves it: an older version is released; the new one is
 * written; the same in a project that signs; built and uploaded, but not exposed (its first move of a default pointer never reaches the registry); not begun, with an apt repository that cannot be
 * exposed; released; rolled back.
 */
export const prepare = async (world: World): Promise<void> => {
	await runTo(world, ['release'], 'COMPLETED');
	await world.setVersion(VERSION);
	await world.save('changed');
	await world.setSigned();
	await world.save('signed');
	await world.load('changed');
	const move = { method: 'PUT', target: /dist-tags\/latest$/, nth: 1 };
	assert.equal(
		(await killAtRequest(world, { request: move, when: 'before', args: ['release'] })).outcome,
		'killed',
	);
	await world.save('hidden');
	await world.load('changed');
	await refuseToSign(world);
	await world.save('apt-refuses');
	await world.load('changed');
	await runTo(world, ['release'], 'COMPLETED');
	await world.save('released');
	await runTo(world, OPERATIONS.find(({ name }) => name === 'rollback')?.args ?? [], 'ROLLED_BACK');
	await world.save('rolled-back');
};
