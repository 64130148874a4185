import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StoreSubject } from '@slipway/testing';
import type { Store } from '../store.ts';
import { type GitStoreOptions, gitStore } from './git-store.ts';

const execute = promisify(execFile);

/** Git as its user would call it. */
export const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
	(
		await execute('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd })
	).stdout.trim();

/** The same, with bytes on its standard input. */
export const feedGit = async (cwd: string, args: readonly string[], input: Uint8Array): Promise<string> => {
	const child = execFile('git', args, { cwd });
	child.stdin?.end(input);
	const chunks = await child.stdout?.toArray();
	return (chunks ?? []).join('').trim();
};

/** Nobody's configuration. */
export const NOBODY = {
	PATH: process.env.PATH,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_SYSTEM: '/dev/null',
};

/** For processes of their own: options as JSON. */
export const openFromJson = (argument: string): Store => gitStore(JSON.parse(argument) as GitStoreOptions);

/** A folder with an empty bare repository in it, `remote.git`. */
export const makeRemote = async (): Promise<{ folder: string; remote: string }> => {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-git-store-')));
	const remote = join(folder, 'remote.git');
	await git(folder, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', remote);
	await appendFile(join(remote, 'config'), '[uploadpack]\n\tallowFilter = true\n');
	await mkdir(join(remote, 'hooks'));
	return { folder, remote };
};

/** A store in a fresh remote; `toOptions` says how the remote is reached. */
export const makeSubject = async (
	toOptions: (place: {
		folder: string;
		remote: string;
	}) => Promise<Partial<GitStoreOptions>> = async () => ({}),
): Promise<StoreSubject> => {
	const place = await makeRemote();
	const scratchFolder = join(place.folder, 'scratch');
	await mkdir(scratchFolder);
	const options = {
		remote: place.remote,
		branch: 'slipway',
		environment: NOBODY,
		scratchFolder,
		...(await toOptions(place)),
	};
	return {
		store: gitStore(options),
		module: import.meta.url,
		opener: 'openFromJson',
		argument: JSON.stringify(options),
		isSlow: true,
		remove: () => rm(place.folder, { recursive: true, force: true, maxRetries: 3 }),
	};
};
