import { resolve } from 'node:path';
import type { StoreLocation } from '@slipway/core/config';
import { directoryStore } from './directory-store.ts';
import type { Store } from './store.ts';

/** The Store that slipway.yml names; relative folders are relative to `baseFolder`, where slipway.yml lies. */
export const openStore = (location: StoreLocation, baseFolder: string): Store =>
	directoryStore(resolve(baseFolder, location.directory));
