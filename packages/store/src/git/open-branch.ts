import { SlipwayError } from '@slipway/core';
import type { StoreCode, StoreLimits } from '../store.ts';
import { findHostLimits } from './host-limits.ts';
import { openPrivateRepository, type PrivateRepository } from './private-repository.ts';
import { RemoteBranch } from './remote-branch.ts';
import { lazily } from './share-next.ts';

/** Which branch of which repository, and how it is reached. */
export interface BranchOptions {
	/** Address of the repository (URL, host:path or absolute path), or how it is found out at the first use. */
	readonly remote: string | (() => Promise<string>);
	readonly branch: string;
	/** Where git, home and GITHUB_TOKEN are found. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** How a person knows the remote; default: nothing but the branch is named. */
	readonly remoteName?: string | undefined;
	/** Where the private repository is made, and left; default: a temporary folder that goes with this process. */
	readonly scratchFolder?: string | undefined;
	/** How long a server may be silent before it counts as unreachable, in whole seconds. Default 60 s. */
	readonly silenceMs?: number | undefined;
	/** Pauses before a remote that does not answer is asked again; after the last it is given up. Default 0.2, 1, 3 s. */
	readonly pausesMs?: readonly number[] | undefined;
}

/** A branch that was opened: nothing is asked or made before its first use. */
export interface OpenBranch {
	/** For people, without credentials. */
	readonly description: string;
	readonly branch: RemoteBranch;
	readonly pausesMs: readonly number[];
	open(): Promise<PrivateRepository>;
	/** @throws SlipwayError STORE_NOT_FOUND */
	limits(): Promise<StoreLimits | undefined>;
}

const PAUSES_MS = [200, 1_000, 3_000];

const checkBranch = (branch: string): string => {
	if (/^(?!.*(?:\.\.|\/\/|\.lock(?:\/|$)|\/\.|[./]$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/.test(branch))
		return branch;
	throw new SlipwayError<StoreCode>(
		'STORE_PATH_INVALID',
		`expected the name of a branch, got ${JSON.stringify(branch.slice(0, 200))}`,
		{ hint: 'Use letters, digits and . _ / -.' },
	);
};

/** @throws SlipwayError STORE_PATH_INVALID */
export const openBranch = (options: BranchOptions): OpenBranch => {
	const { remote, remoteName, environment, pausesMs = PAUSES_MS } = options;
	const branchName = checkBranch(options.branch);
	const description = [
		`branch ${branchName}`,
		...(remoteName === undefined ? [] : [`of ${remoteName}`]),
	].join(' ');
	const findAddress = lazily(async () => (typeof remote === 'string' ? remote : remote()));
	const open = lazily(async () =>
		openPrivateRepository({ ...options, remote: await findAddress(), store: description }),
	);
	return {
		description,
		pausesMs,
		open,
		branch: new RemoteBranch({ branch: branchName, store: description, open, pausesMs }),
		limits: async () => findHostLimits(await findAddress(), environment),
	};
};
