import type { ChangeContext } from '@slipway/core';
import { readDebControl } from '../package/read-deb.ts';
import type { PackageTarget } from './edit-suite.ts';
import { toAptError } from './error.ts';
import { findOtherBytes, type Offer, toNextOffers } from './offers.ts';
import type { IndexStanza } from './packages-index.ts';
import { toPoolPath } from './paths.ts';
import { toPoolStanza } from './pool-deb.ts';
import type { Repository } from './repository.ts';
import { type SuiteView, toOffer } from './suite-view.ts';
import { updateSuite } from './update-suite.ts';

// The repository by hand: what `slipway apt add`, `remove` and `re-sign` do. Releases go through the Publisher.

/** Where to. */
export interface Place {
	readonly suite: string;
	readonly component: string;
}

interface Added extends Offer {
	readonly name: string;
	readonly path: string;
	readonly bytes: Uint8Array;
	readonly stanza: IndexStanza;
}

const readAdded = async (bytes: Uint8Array, component: string): Promise<Added> => {
	const control = await readDebControl(bytes);
	const { name, version, architecture } = control;
	const path = toPoolPath(component, { name, version, architecture });
	const stanza = toPoolStanza(control, path, bytes);
	return { name, version, architecture, sha256: stanza.sha256, path, bytes, stanza };
};

const checkArchitecture = ({ architectures }: Repository, { name, architecture }: Added): void => {
	if (architecture === 'all' || architectures.includes(architecture)) return;
	throw toAptError(
		'APT_ARCHITECTURE_UNKNOWN',
		`${name}: the repository has no index for ${architecture}, only for ${architectures.join(', ')}`,
		`Add ${architecture} to \`architectures\` of the target.`,
	);
};

/** @throws SlipwayError APT_VERSION_TAKEN */
const putIntoPool = async (
	repository: Repository,
	debs: readonly Added[],
	change: ChangeContext,
): Promise<void> => {
	const changes = debs.map(({ path, bytes }) => ({ kind: 'create', path, bytes }) as const);
	const outcome = await repository.store.write(changes, change.guard);
	if (outcome.outcome === 'written') return;
	throw toAptError(
		'APT_VERSION_TAKEN',
		`${outcome.path} holds other bytes already`,
		'A published name and version never gets other bytes: build it again with a higher version.',
	);
};

/** In a repository that was taken over the older file may lie at another path. @throws SlipwayError APT_VERSION_TAKEN */
const checkTaken = (deb: Added, current: readonly Offer[]): void => {
	const { name, version, architecture, sha256 } = deb;
	const other = findOtherBytes(current, deb);
	if (!other) return;
	throw toAptError(
		'APT_VERSION_TAKEN',
		`${name} ${version} ${architecture}: the suite offers sha256 ${other.sha256 || 'unknown'}, got ${sha256}`,
		'A published name and version never gets other bytes: build it again with a higher version.',
	);
};

const toTargets = async (
	view: SuiteView,
	debs: readonly Added[],
	{ component, keep }: { readonly component: string; readonly keep: number },
): Promise<readonly PackageTarget[]> =>
	Promise.all(
		[...Map.groupBy(debs, ({ name }) => name)].map(async ([name, group]) => {
			const current = (await view.stanzas(component, name)).map(toOffer);
			const ours = group.map(({ version, architecture, sha256 }) => ({ version, architecture, sha256 }));
			for (const deb of group) checkTaken(deb, current);
			const made = group.map(({ stanza }) => stanza);
			return { component, name, offers: toNextOffers(current, ours, keep), wasOffered: false, made };
		}),
	);

/**
 * Puts .debs into the pool and a suite, all in one update; of each package at most `keep` versions stay.
 * @returns names and versions added
 * @throws SlipwayError APT_VERSION_TAKEN, APT_ARCHITECTURE_UNKNOWN, DEB_*, as updateSuite
 */
export const addDebs = async (
	repository: Repository,
	request: Place & { readonly debs: readonly Uint8Array[]; readonly keep: number },
	change: ChangeContext,
): Promise<readonly { readonly name: string; readonly version: string; readonly architecture: string }[]> => {
	const { suite, component } = request;
	const debs = await Promise.all(request.debs.map((bytes) => readAdded(bytes, component)));
	for (const deb of debs) checkArchitecture(repository, deb);
	await putIntoPool(repository, debs, change);
	await updateSuite(repository, { suite, decide: (view) => toTargets(view, debs, request) }, change);
	return debs.map(({ name, version, architecture }) => ({ name, version, architecture }));
};

/**
 * Takes a package, or one version of it, out of a suite. Its files stay in the pool.
 * @throws SlipwayError APT_PACKAGE_UNKNOWN, as updateSuite
 */
export const removePackage = async (
	repository: Repository,
	request: Place & { readonly name: string; readonly version?: string | undefined },
	change: ChangeContext,
): Promise<void> => {
	const { suite, component, name, version } = request;
	const decide = async (view: SuiteView): Promise<readonly PackageTarget[]> => {
		const current = (await view.stanzas(component, name)).map(toOffer);
		const offers = version === undefined ? [] : current.filter((offer) => offer.version !== version);
		if (offers.length < current.length) return [{ component, name, offers, wasOffered: false }];
		throw toAptError(
			'APT_PACKAGE_UNKNOWN',
			`${suite}/${component} does not offer ${name}${version === undefined ? '' : ` ${version}`}`,
			'Look at what it offers with `slipway status`.',
		);
	};
	await updateSuite(repository, { suite, decide }, change);
};

/**
 * Signs a suite again, unchanged, under a newer date: before `Valid-Until`, or with a new key (the old public key among
 * `trustedKeys`).
 * @param request.acceptServed also when its key or date has expired, or an older state was put back
 * @throws SlipwayError APT_SUITE_UNKNOWN, as updateSuite
 */
export const resign = (
	repository: Repository,
	request: { readonly suite: string; readonly acceptServed?: boolean },
	change: ChangeContext,
): Promise<void> => {
	const decide = async ({ suite }: SuiteView): Promise<readonly PackageTarget[]> => {
		if (suite.release) return [];
		throw toAptError(
			'APT_SUITE_UNKNOWN',
			`expected the suite ${request.suite} in the repository, found none`,
			'Correct the name; a new suite begins with the first package in it.',
		);
	};
	return updateSuite(repository, { ...request, decide }, change);
};
