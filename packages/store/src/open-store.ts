import { resolve } from 'node:path';
import type { StoreLocation } from '@slipway/core/config';
import { toPublicAddress } from '@slipway/process';
import { directoryStore } from './directory-store.ts';
import { findRemote } from './git/clone-remote.ts';
import { gitStore } from './git/git-store.ts';
import type { Store } from './store.ts';

/** What opening a Store needs from the one who asks. */
export interface StoreAccess {
	/** Whose git, home folder and GITHUB_TOKEN are used. Little else of it reaches a child process. */
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The Store that slipway.yml names; relative folders are relative to `baseFolder`, where slipway.yml lies. A branch is in
 * the repository of `remote`: an address, or the name of a remote (default origin) of the clone that holds `baseFolder`.
 * Nothing is read, made or asked before the first use.
 */
export const openStore = (
	location: StoreLocation,
	baseFolder: string,
	{ environment }: StoreAccess,
): Store => {
	if ('directory' in location) return directoryStore(resolve(baseFolder, location.directory));
	const { branch, folder, remote } = location;
	return gitStore({
		remote: () => findRemote({ remote, baseFolder: resolve(baseFolder), environment }),
		remoteName: toPublicAddress(remote ?? 'origin'),
		branch,
		folder,
		environment,
	});
};
