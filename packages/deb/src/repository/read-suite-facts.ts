import type { Context } from '@slipway/core';
import type { Offer } from './offers.ts';
import { toSha256 } from './packages-index.ts';
import type { Repository } from './repository.ts';
import { openSuite, toOffer } from './suite-view.ts';

/** What a suite says of itself and offers of some packages, its signature verified. Times are ms since 1970. */
export interface SuiteFacts {
	readonly date: number;
	/** null: it does not expire. */
	readonly validUntil: number | null;
	/** sha256 of InRelease as it lies in the store; null: there is none. */
	readonly inRelease: string | null;
	/** By the name of the package. */
	readonly offers: ReadonlyMap<string, readonly Offer[]>;
}

/**
 * Reads a suite without publishing anything, also one that has expired, which a watch has to see. undefined: nothing is
 * published there.
 * @throws SlipwayError APT_*, STORE_*
 */
export const readSuiteFacts = async (
	repository: Repository,
	{
		suite,
		component,
		names,
	}: { readonly suite: string; readonly component: string; readonly names: readonly string[] },
	{ clock }: Pick<Context, 'clock'>,
): Promise<SuiteFacts | undefined> => {
	const view = await openSuite(repository, suite, { now: clock.now(), acceptServed: true });
	const { release, inRelease } = view.suite;
	if (!release) return undefined;
	const offers = new Map<string, readonly Offer[]>();
	for (const name of names) offers.set(name, (await view.stanzas(component, name)).map(toOffer));
	return {
		date: release.date,
		validUntil: release.validUntil,
		inRelease: inRelease && toSha256(inRelease.bytes),
		offers,
	};
};
