import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { StoreLocation } from '@slipway/core/config';
import { directoryStore } from './directory-store.ts';
import type { Store, StoreCode } from './store.ts';

/** What opening a Store needs from the one who asks. */
export interface StoreAccess {
	/** Whose git, home folder and token are used. Nothing else of it reaches a child process. */
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The Store that slipway.yml names; relative folders are relative to `baseFolder`, where slipway.yml lies.
 * Nothing is read, made or asked before its first use.
 */
export const openStore = (location: StoreLocation, baseFolder: string, _access: StoreAccess): Store => {
	if ('directory' in location) return directoryStore(resolve(baseFolder, location.directory));
	throw new SlipwayError<StoreCode>('STORE_UNREADABLE', 'expected a folder, got a branch', {
		hint: 'Use `directory`.',
	});
};
