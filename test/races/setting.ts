import { readFile } from 'node:fs/promises';
import type { Publisher } from '@slipway/core';
import type { AptTarget, StoreLocation } from '@slipway/core/config';
import { aptPublisher, readSigningKey } from '@slipway/deb';
import { openStore, type Store } from '@slipway/store';
import type { SampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { openBrokenStore } from '../../packages/testing/src/describe-store-broken.ts';

/** A place as slipway.yml names it; or a folder whose store compares nothing, to see that a race notices. */
export type Place = StoreLocation | { readonly comparesNothing: string };

/** What a process needs to publish to the repository of a race. */
export interface Setting {
	/** Of the process, in histories. */
	readonly name: string;
	readonly place: Place;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly url: string;
	readonly keyFile: string;
	readonly tempDir: string;
}

export const openPlace = (place: Place, environment: Setting['environment']): Store =>
	'comparesNothing' in place
		? openBrokenStore(`comparesNothing:${place.comparesNothing}`)
		: openStore(place, '/', { environment });

export const toAptTarget = ({
	place,
	url,
	keyFile,
}: Pick<Setting, 'place' | 'url' | 'keyFile'>): AptTarget => ({
	type: 'apt',
	store: 'comparesNothing' in place ? { directory: place.comparesNothing } : place,
	url,
	suite: 'stable',
	component: 'main',
	architectures: ['amd64'],
	origin: 'Races',
	'signing-key': { file: keyFile },
	'trusted-keys': [],
	// Nothing goes by itself: what is missing in the end was lost.
	keep: 50,
});

const watchConflicts = (store: Store, onConflict: () => void): Store => ({
	...store,
	write: async (changes, guard) => {
		const outcome = await store.write(changes, guard);
		if (outcome.outcome === 'conflict') onConflict();
		return outcome;
	},
});

/** The product's publisher on the real store. */
export const openPublisher = async (
	setting: Setting,
	{
		debs,
		onConflict,
		wrap = (store) => store,
	}: {
		readonly debs: readonly SampleDeb[];
		readonly onConflict: () => void;
		readonly wrap?: (store: Store) => Store;
	},
): Promise<Publisher> =>
	aptPublisher({
		id: 'apt',
		target: toAptTarget(setting),
		store: wrap(watchConflicts(openPlace(setting.place, setting.environment), onConflict)),
		signingKey: await readSigningKey(await readFile(setting.keyFile, 'utf8')),
		trustedKeys: [],
		readArtifact: async ({ digest }) =>
			debs.find(({ artifact }) => artifact.digest.sha256 === digest.sha256)?.bytes ?? new Uint8Array(),
		packages: [],
		client: 'built-in',
	});
