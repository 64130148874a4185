import { isAbsolute, resolve } from 'node:path';
import { SlipwayError, toPrintable } from '@slipway/core';
import { findExecutable, run, toGitEnvironment } from '@slipway/process';
import type { StoreCode } from '../store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RemoteQuestion {
	/** Name of a remote, or address; default: origin. */
	readonly remote?: string | undefined;
	/** A folder in the clone; relative addresses are relative to it. */
	readonly baseFolder: string;
	readonly environment: Environment;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** `scheme://…` or `host:path`, as git reads it: a colon before the first slash. */
const isUrl = (address: string): boolean => !isAbsolute(address) && /^[^/\\]+:/.test(address);

const toAddress = (address: string, folder: string): string =>
	isUrl(address) ? address : resolve(folder, address);

const ask = async (
	{ baseFolder, environment }: RemoteQuestion,
	args: readonly string[],
): Promise<string | undefined> => {
	const program = findExecutable('git', environment.PATH ?? environment.Path) ?? 'git';
	const { code, stdout } = await run([program, '-C', baseFolder, ...args], {
		cwd: baseFolder,
		environment: toGitEnvironment(environment).environment,
	});
	return (code === 0 && stdout.trim()) || undefined;
};

/** The clone's own folder: what a relative address in it is relative to. */
const findTop = async (question: RemoteQuestion): Promise<string> =>
	(await ask(question, ['rev-parse', '--show-toplevel'])) ?? question.baseFolder;

/** The repository of the run, for jobs that have no clone. */
const findOfRun = ({ GITHUB_REPOSITORY, GITHUB_SERVER_URL }: Environment): string | undefined =>
	GITHUB_REPOSITORY && `${GITHUB_SERVER_URL || 'https://github.com'}/${GITHUB_REPOSITORY}`;

const missing = (name: string, { baseFolder }: RemoteQuestion): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>(
		'STORE_NOT_FOUND',
		`expected a clone with a remote called ${toPrintable(name, 100)} around ${baseFolder}, got none`,
		{
			hint: `Add it with \`git remote add ${NAME.test(name) ? name : 'origin'} ADDRESS\`, or write the address itself as \`remote\` of the store in slipway.yml.`,
		},
	);

/**
 * The address of a branch's repository: the one that is given, or that of a remote (where it is pushed to) of the clone
 * that holds the folder, or in a run without a clone the run's own repository. Relative paths become absolute.
 * @throws SlipwayError STORE_NOT_FOUND
 */
export const findRemote = async (question: RemoteQuestion): Promise<string> => {
	const name = question.remote ?? 'origin';
	if (!NAME.test(name)) return toAddress(name, question.baseFolder);
	const address = await ask(question, ['remote', 'get-url', '--push', name]);
	if (address !== undefined) return isUrl(address) ? address : toAddress(address, await findTop(question));
	const ofRun = question.remote === undefined ? findOfRun(question.environment) : undefined;
	if (ofRun === undefined) throw missing(name, question);
	return ofRun;
};
