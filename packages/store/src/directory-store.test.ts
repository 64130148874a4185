import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '@slipway/testing';
import { directoryStore } from './directory-store.ts';

describeStore('a folder', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'slipway-store-'));
	return {
		store: directoryStore(folder),
		module: new URL('./directory-store.ts', import.meta.url).href,
		opener: 'directoryStore',
		argument: folder,
		remove: () => rm(folder, { recursive: true, force: true }),
	};
});
