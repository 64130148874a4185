import { access, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findExecutable } from '@slipway/process';
import type { GitHubReply } from '../server/exchange.ts';
import type { GitBackend } from './backend.ts';
import { BareRepository } from './bare-repository.ts';
import { RefsOnly } from './refs-only.ts';
import { demandGit, type Git, toGitEnvironment } from './run-git.ts';

/** The git repositories of one server, each below `root` as `OWNER/NAME.git`. */
export interface GitRoot {
	/** For `git http-backend`; undefined: there is no git. */
	readonly root: string | undefined;
	readonly environment: Git['environment'];
	/** Where git keeps its programs. */
	execPath(): Promise<string>;
	/** What repositories can do, by their names: git says the same of one each time (gitprotocol-v2, capability advertisement). */
	readonly capabilities: Map<string, GitHubReply>;
	/** `folder`: an existing bare repository; without one an empty one with a first commit on `main` is made. */
	add(fullName: string, folder: string | undefined): Promise<GitBackend>;
	stop(): Promise<void>;
}

const AUTHOR = { name: 'ghost', email: 'ghost@localhost' };

const makeEmpty = async (git: Git, now: () => number): Promise<void> => {
	await mkdir(git.folder, { recursive: true });
	await demandGit(git, ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', '.']);
	const bytes = Buffer.from('# A repository\n');
	const message = 'Initial commit';
	await new BareRepository(git, now).write({
		branch: 'main',
		path: 'README.md',
		bytes,
		message,
		author: AUTHOR,
	});
};

export const openGitRoot = async (path: string | undefined, now: () => number): Promise<GitRoot> => {
	const environment = toGitEnvironment(path);
	const nothing = { environment, execPath: async () => '', capabilities: new Map() };
	if (findExecutable('git', path) === undefined)
		return { ...nothing, root: undefined, add: async () => new RefsOnly(), stop: async () => {} };
	const root = await mkdtemp(join(tmpdir(), 'github-'));
	let programs: Promise<string> | undefined;
	return {
		root,
		environment,
		capabilities: new Map(),
		execPath: () => {
			programs ??= demandGit({ folder: root, environment }, ['--exec-path']).then((text) => text.trim());
			return programs;
		},
		add: async (fullName, folder) => {
			const place = join(root, `${fullName}.git`);
			await mkdir(join(place, '..'), { recursive: true });
			const git = { folder: place, environment };
			if (folder === undefined) await makeEmpty(git, now);
			else {
				await access(folder);
				await symlink(resolve(folder), place);
			}
			return new BareRepository(git, now);
		},
		stop: () => rm(root, { recursive: true, force: true }),
	};
};
