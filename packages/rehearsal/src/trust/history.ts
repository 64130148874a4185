import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { findExecutable, run } from '@slipway/process';
import type { RehearsalCode } from '../code.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of a project, and what its history is to say. */
export interface HistoryRequest {
	/** The project's own folder. */
	readonly original: string;
	readonly copy: string;
	readonly version: string;
	/** Address of its origin. */
	readonly url: string;
	/** SOURCE_DATE_EPOCH. */
	readonly sourceDate: string;
	readonly environment: Environment;
}

type Git = (folder: string, args: readonly string[], input?: string) => Promise<string | undefined>;

const openGit = ({
	environment,
	sourceDate,
}: Pick<HistoryRequest, 'environment' | 'sourceDate'>): Git | undefined => {
	const git = findExecutable('git', environment.PATH);
	if (git === undefined) return undefined;
	const date = `${sourceDate} +0000`;
	const identity = [
		'-c',
		'user.name=rehearsal',
		'-c',
		'user.email=rehearsal@localhost',
		'-c',
		'commit.gpgSign=false',
	];
	const { PATH, HOME, USERPROFILE } = environment;
	return async (cwd, args, input) => {
		const { code, stdout } = await run([git, ...identity, '-C', cwd, ...args], {
			cwd,
			environment: {
				...{ PATH, HOME, USERPROFILE, LC_ALL: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0' },
				...{ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
			},
			timeoutMs: 60_000,
			maxOutputBytes: 64 * 1024 * 1024,
			...(input === undefined ? {} : { input }),
		});
		return code === 0 ? stdout : undefined;
	};
};

/** The files that the project itself keeps under version control, or would; all but dependencies where it has none. */
const addFiles = async (git: Git, { original, copy }: HistoryRequest): Promise<void> => {
	const known = await git(original, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
	if (known) await git(copy, ['update-index', '--add', '--remove', '-z', '--stdin'], known);
	else await git(copy, ['add', '--all', '--', '.', ':(exclude,glob)**/node_modules/**']);
	// What is ignored there is ignored here, wherever the rules for it lie.
	const others = await git(copy, ['ls-files', '-z', '--others', '--directory']);
	const lines = (others ?? '').split('\0').filter((path) => path !== '' && !path.includes('\n'));
	const patterns = lines.map((path) => `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}\n`);
	await mkdir(join(copy, '.git', 'info'), { recursive: true });
	await writeFile(join(copy, '.git', 'info', 'exclude'), patterns.join(''));
};

/**
 * Gives a copy the history of a tagged release: one commit, the tag of its version, the address that it would be pushed to.
 * @returns the commit; undefined without git
 */
export const makeHistory = async (request: HistoryRequest): Promise<string | undefined> => {
	const { copy, version, url } = request;
	const git = openGit(request);
	if (!git || (await git(copy, ['init', '--quiet', '--initial-branch=main', '--template='])) === undefined)
		return undefined;
	await git(copy, ['remote', 'add', 'origin', url]);
	await addFiles(git, request);
	await git(copy, ['commit', '--quiet', '--allow-empty', '--message', `Release ${version}`]);
	await git(copy, ['tag', `v${version}`]);
	return (await git(copy, ['rev-parse', '--verify', '--quiet', 'HEAD']))?.trim();
};

/** Puts what a copy has committed on `main` of a bare repository, and under a tag. @throws SlipwayError REHEARSAL_COMMAND_FAILED */
export const pushHistory = async (
	request: Pick<HistoryRequest, 'copy' | 'environment' | 'sourceDate'>,
	{ folder, tag }: { readonly folder: string; readonly tag: string },
): Promise<void> => {
	const refs = ['HEAD:refs/heads/main', `HEAD:refs/tags/${tag}`];
	const pushed = await openGit(request)?.(request.copy, ['push', '--quiet', '--force', folder, ...refs]);
	if (pushed !== undefined) return;
	throw new SlipwayError<RehearsalCode>('REHEARSAL_COMMAND_FAILED', `git cannot push the tag ${tag}`, {
		hint: 'Look at `tag-prefix` of the targets of type github in slipway.yml.',
	});
};
