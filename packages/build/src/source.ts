import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, SlipwayError, type Source } from '@slipway/core';
import { findExecutable, run } from '@slipway/process';
import type { BuildCode } from './code.ts';
import type { Environment } from './environment.ts';

/** 1980-01-01T00:00:00Z: the earliest time that every archive format can hold (zip has none before). */
const WITHOUT_HISTORY = 315_532_800;

/** Where the bytes come from, and SOURCE_DATE_EPOCH (seconds since 1970) for everything made of them. */
export interface SourceFacts {
	readonly source: Source;
	readonly epoch: number;
	/** Where the epoch is from, for the StageRecord. */
	readonly epochFrom: 'SOURCE_DATE_EPOCH' | 'commit' | 'fixed';
	/** Files differ from the commit or are not part of it. */
	readonly dirty: boolean;
}

const toGit = (folder: string, environment: Environment, { signal }: Context) => {
	const git = findExecutable('git', environment.PATH);
	return async (...args: string[]): Promise<string | null> => {
		if (!git) return null;
		const { code, stdout } = await run([git, '-c', 'core.fsmonitor=false', '-C', folder, ...args], {
			cwd: folder,
			environment: {
				PATH: environment.PATH,
				HOME: environment.HOME,
				LC_ALL: 'C.UTF-8',
				GIT_TERMINAL_PROMPT: '0',
				GIT_OPTIONAL_LOCKS: '0',
			},
			timeoutMs: 30_000,
			signal,
		});
		return code === 0 && stdout.trim() !== '' ? stdout.trim() : null;
	};
};

/** The address of a remote without user name and password. */
const toPublicUrl = (remote: string | null): string | null => {
	if (remote === null || !URL.canParse(remote)) return remote;
	const url = new URL(remote);
	url.username = '';
	url.password = '';
	return url.href;
};

/** @throws SlipwayError SOURCE_DATE_INVALID */
const parseEpoch = (text: string): number => {
	const epoch = Number(text);
	if (/^\d{1,11}$/.test(text) && Number.isSafeInteger(epoch)) return epoch;
	throw new SlipwayError<BuildCode>(
		'SOURCE_DATE_INVALID',
		`expected SOURCE_DATE_EPOCH in seconds since 1970, got ${JSON.stringify(text.slice(0, 40))}`,
		{
			hint: 'Unset it, or set it to `git log -1 --format=%ct`.',
		},
	);
};

const toEpoch = (
	environment: Environment,
	commitTime: string | null,
): Pick<SourceFacts, 'epoch' | 'epochFrom'> => {
	const given = environment.SOURCE_DATE_EPOCH;
	if (given !== undefined && given !== '')
		return { epoch: parseEpoch(given), epochFrom: 'SOURCE_DATE_EPOCH' };
	if (commitTime !== null) return { epoch: parseEpoch(commitTime), epochFrom: 'commit' };
	return { epoch: WITHOUT_HISTORY, epochFrom: 'fixed' };
};

/** A checkout that git refuses to read (its owner is somebody else) must not pass for a folder without history. */
const warnOfUnreadable = (folder: string, log: Context['log']): void => {
	if (existsSync(join(folder, '.git')))
		log.warning(`${folder} has a .git that git cannot read: the Release will name no commit`);
};

/**
 * Asks git about a project folder; a folder without git has a source of nulls and a fixed time.
 * @throws SlipwayError SOURCE_DATE_INVALID
 */
export const readSource = async (
	folder: string,
	environment: Environment,
	context: Context,
): Promise<SourceFacts> => {
	const git = toGit(folder, environment, context);
	const commit = await git('rev-parse', '--verify', 'HEAD');
	if (commit === null) {
		warnOfUnreadable(folder, context.log);
		return { source: { repo: null, commit: null, ref: null }, dirty: false, ...toEpoch(environment, null) };
	}
	const [time, remote, tag, branch, changes] = await Promise.all([
		git('log', '-1', '--format=%ct'),
		git('remote', 'get-url', 'origin'),
		git('describe', '--exact-match', '--tags', 'HEAD'),
		git('symbolic-ref', '--quiet', 'HEAD'),
		git('status', '--porcelain', '--untracked-files=normal', '--', '.', ':(exclude).slipway'),
	]);
	const ref = tag === null ? branch : `refs/tags/${tag}`;
	if (changes !== null) context.log.warning(`the build holds changes that are not in commit ${commit}`);
	return {
		source: { repo: toPublicUrl(remote), commit, ref },
		dirty: changes !== null,
		...toEpoch(environment, time),
	};
};
