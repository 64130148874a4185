import type { Context } from '@slipway/core';
import { compareDebianVersions } from '../package/debian-version.ts';
import { toAptError } from './error.ts';
import { toSha256 } from './packages-index.ts';
import type { Repository } from './repository.ts';
import { openSuite } from './suite-view.ts';

/** A .deb as a suite offers it by default. */
export interface PublishedDeb {
	readonly version: string;
	/** The file in the pool, with the sha256 that the signed index names. */
	readonly bytes: Uint8Array;
}

export interface PublishedPlace {
	readonly suite: string;
	readonly component: string;
	readonly name: string;
	/** "all" or one Debian architecture. */
	readonly architecture: string;
}

/**
 * What users get of a package today: the highest version that a suite, its signature verified, offers for an architecture.
 * undefined: none.
 * @throws SlipwayError APT_*, STORE_*
 */
export const readPublishedDeb = async (
	repository: Repository,
	{ suite, component, name, architecture }: PublishedPlace,
	{ clock }: Context,
): Promise<PublishedDeb | undefined> => {
	const view = await openSuite(repository, suite, { now: clock.now() });
	const stanzas = (await view.stanzas(component, name)).filter(
		(stanza) => stanza.architecture === architecture,
	);
	const [highest] = stanzas.toSorted((a, b) => compareDebianVersions(b.version, a.version));
	if (!highest) return undefined;
	const file = await repository.store.read(highest.filename);
	if (file && toSha256(file.bytes) === highest.sha256) return { version: highest.version, bytes: file.bytes };
	throw toAptError(
		'APT_REPOSITORY_TAMPERED',
		`expected ${highest.filename} with sha256 ${highest.sha256}, got ${file ? toSha256(file.bytes) : 'none'}`,
		'Look at who else writes to the repository; put the file that was published back.',
	);
};
