import { resolve } from 'node:path';
import { toPrintable } from '@slipway/core';
import { type Git, openGit, withFolder } from './git.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The branch that reviews protect, as the remote of a clone has it. */
export interface ProtectedRef {
	/** For people: `origin/main at 1a2b3c4d5e6f`. */
	readonly name: string;
	readonly commit: string;
	/** Of the remote, without user name and password; undefined where it is no address. */
	readonly url: string | undefined;
	/** Where the asked folder lies in the repository: empty, or with a final slash. */
	readonly prefix: string;
	/** A file by its path in the repository. */
	read(path: string): Promise<Uint8Array | undefined>;
}

/** `none`: no clone with a remote, or one that the folder is no part of. `unreadable`: a remote that cannot be read. */
export type ProtectedRefReading =
	| { readonly state: 'none' }
	| { readonly state: 'unreadable'; readonly remote: string }
	| { readonly state: 'found'; readonly ref: ProtectedRef };

const toPublicUrl = (remote: string | undefined): string | undefined => {
	if (remote === undefined || !URL.canParse(remote)) return undefined;
	const url = new URL(remote);
	url.username = '';
	url.password = '';
	return url.href;
};

const toName = (branch: string, commit: string): string =>
	`${toPrintable(branch, 200)} at ${commit.slice(0, 12)}`;

/** Files of a folder that the clone does not know are another project's, which merely lies below it. */
const findPrefix = async (git: Git): Promise<string | undefined> => {
	const inside = await git.ask('rev-parse', '--is-inside-work-tree');
	const known = inside === 'true' ? await git.ask('ls-tree', 'HEAD', '--', './') : undefined;
	return known === undefined ? undefined : ((await git.ask('rev-parse', '--show-prefix')) ?? '');
};

const findRemote = async (git: Git): Promise<string | undefined> => {
	const remotes = (await git.ask('remote'))?.split('\n') ?? [];
	return remotes.includes('origin') ? 'origin' : remotes[0];
};

type Place = { readonly remote: string; readonly prefix: string };

/** As the clone last saw it. */
const readLocal = async (git: Git, { remote, prefix }: Place): Promise<ProtectedRef | undefined> => {
	const head = `refs/remotes/${remote}/HEAD`;
	const commit = await git.ask('rev-parse', '--verify', '--quiet', `${head}^{commit}`);
	if (commit === undefined) return undefined;
	const branch = (await git.ask('rev-parse', '--abbrev-ref', head)) ?? `${remote}/HEAD`;
	return {
		name: toName(branch, commit),
		commit,
		url: toPublicUrl(await git.ask('remote', 'get-url', remote)),
		prefix,
		read: (path) => git.read(commit, path),
	};
};

/**
 * A clone that a workflow made knows one ref alone, and kept no credentials: the branch is fetched, into a folder beside
 * it, with the token of the job.
 */
const readRemote = async (
	git: Git,
	{ remote, prefix }: Place,
	openBeside: (address: string) => Git | undefined,
): Promise<ProtectedRef | undefined> => {
	const address = await git.ask('remote', 'get-url', remote);
	const top = await git.ask('rev-parse', '--show-toplevel');
	if (address === undefined || top === undefined) return undefined;
	// Relative addresses are relative to the clone.
	const source = /^\.{1,2}\//.test(address) ? resolve(top, address) : address;
	const beside = openBeside(source);
	await beside?.ask('init', '--bare', '--quiet', '--template=', '.');
	await beside?.ask('fetch', '--quiet', '--no-tags', '--depth=1', 'slipway', 'HEAD:refs/slipway/head');
	const commit = await beside?.ask('rev-parse', '--verify', '--quiet', 'refs/slipway/head');
	if (!beside || commit === undefined) return undefined;
	return {
		name: toName(`${remote}/HEAD`, commit),
		commit,
		url: toPublicUrl(address),
		prefix,
		read: (path) => beside.read(commit, path),
	};
};

const find = async (
	folder: string,
	environment: Environment,
	besideFolder: string,
): Promise<ProtectedRefReading> => {
	const git = openGit(folder, environment);
	const prefix = await (git && findPrefix(git));
	const remote = await (git && prefix !== undefined ? findRemote(git) : undefined);
	if (!git || prefix === undefined || remote === undefined) return { state: 'none' };
	const place = { remote, prefix };
	const openBeside = (address: string) => openGit(besideFolder, environment, address);
	const ref = (await readLocal(git, place)) ?? (await readRemote(git, place, openBeside));
	return ref ? { state: 'found', ref } : { state: 'unreadable', remote };
};

/**
 * Runs a task with the branch that reviews protect: what the remote of the clone calls HEAD. As the clone last saw it, or
 * else fetched; the clone itself is never changed.
 */
export const withProtectedRef = <T>(
	folder: string,
	environment: Environment,
	task: (reading: ProtectedRefReading) => Promise<T>,
): Promise<T> => withFolder(async (beside) => task(await find(folder, environment, beside)));
