import { resolve } from 'node:path';
import type { StoreLocation } from '@slipway/core/config';
import { directoryStore } from './directory-store.ts';
import { gitStore } from './git/git-store.ts';
import { toBranch } from './git/to-branch.ts';
import { lazyStore } from './lazy-store.ts';
import type { FileHeaders } from './s3/file-headers.ts';
import type { Store } from './store.ts';

/** What opening a Store needs from the one who asks. */
export interface StoreAccess {
	/**
	 * Whose git, home folder and GITHUB_TOKEN are used, and the AWS_ variables of a bucket. Little else of it reaches a
	 * child process.
	 */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** What a file is served with where the store itself is what is served (a bucket): only who opens it knows. */
	readonly toHeaders?: ((path: string) => FileHeaders) | undefined;
	/** Told the secrets that are read from the environment, before they are used. */
	readonly onSecret?: ((secret: string) => void) | undefined;
}

type BucketLocation = Extract<StoreLocation, { bucket: string }>;

const openBucket = (location: BucketLocation, { environment, toHeaders, onSecret }: StoreAccess): Store =>
	lazyStore(`bucket ${location.bucket}`, async () => {
		const { s3Store } = await import('./s3/s3-store.ts');
		return s3Store({ ...location, environment, toHeaders, onSecret });
	});

/**
 * The Store that slipway.yml names; relative folders are relative to `baseFolder`, where slipway.yml lies. A branch is in
 * the repository of `remote`: an address, or the name of a remote (default origin) of the clone that holds `baseFolder`.
 * Nothing is read, made or asked before the first use.
 */
export const openStore = (location: StoreLocation, baseFolder: string, access: StoreAccess): Store => {
	if ('directory' in location) return directoryStore(resolve(baseFolder, location.directory));
	if ('bucket' in location) return openBucket(location, access);
	return gitStore({ ...toBranch(location, baseFolder, access.environment), folder: location.folder });
};
