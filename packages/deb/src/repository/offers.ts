import { compareDebianVersions, parseDebianVersion } from '../package/debian-version.ts';
import { toAptError } from './error.ts';

/** One .deb that a suite offers of a package. */
export interface Offer {
	readonly version: string;
	/** "all" or one Debian architecture. */
	readonly architecture: string;
	/** Lower-case hexadecimal. */
	readonly sha256: string;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Oldest version first; what dpkg holds equal is ordered by its text. */
export const compareOffers = (a: Offer, b: Offer): number =>
	compareDebianVersions(a.version, b.version) ||
	compareText(a.version, b.version) ||
	compareText(a.architecture, b.architecture) ||
	compareText(a.sha256, b.sha256);

const toText = ({ version, architecture, sha256 }: Offer): string =>
	`${version} ${architecture} sha256:${sha256 || '-'}`;

/**
 * The pointer of a package in a suite: all that the suite offers of it, in one order, for example
 * `1.0.0-1 all sha256:ab… 1.1.0-1 all sha256:cd…`. null: the suite does not have the package.
 */
export const toPointer = (offers: readonly Offer[]): string | null =>
	offers.length === 0 ? null : [...new Set(offers.toSorted(compareOffers).map(toText))].join(' ');

const OFFER = /^(\S+) ([a-z0-9-]+) sha256:([0-9a-f]{64}|-)(?: |$)/;

/** @throws SlipwayError APT_POINTER_INVALID, DEB_VERSION_INVALID */
export const parsePointer = (text: string | null): readonly Offer[] => {
	const offers: Offer[] = [];
	let rest = text ?? '';
	while (rest !== '') {
		const [all = '', version = '', architecture = '', sha256 = ''] = OFFER.exec(rest) ?? [];
		if (all === '')
			throw toAptError(
				'APT_POINTER_INVALID',
				`expected "VERSION ARCHITECTURE sha256:DIGEST", got ${JSON.stringify(rest.slice(0, 100))}`,
				'Use the plan with the version of Slipway that wrote it.',
			);
		parseDebianVersion(version);
		offers.push({ version, architecture, sha256: sha256 === '-' ? '' : sha256 });
		rest = rest.slice(all.length);
	}
	return offers;
};

/** The versions among offers, each once, oldest first. */
export const toVersions = (offers: readonly Offer[]): readonly string[] => [
	...new Set(offers.toSorted(compareOffers).map(({ version }) => version)),
];

/** What apt installs by default on an architecture: the highest version there. */
export const findDefault = (offers: readonly Offer[], architecture: string): Offer | undefined =>
	offers
		.filter((offer) => offer.architecture === architecture || offer.architecture === 'all')
		.toSorted(compareOffers)
		.at(-1);

/**
 * The offers after a release: ours added, and of the older versions only so many kept that `keep` remain in all.
 */
export const toNextOffers = (
	current: readonly Offer[],
	ours: readonly Offer[],
	keep: number,
): readonly Offer[] => {
	const all = [...current, ...ours.filter((offer) => !current.some((other) => isSame(offer, other)))];
	const kept = new Set([...toVersions(all).slice(-keep), ...ours.map(({ version }) => version)]);
	return all.filter(({ version }) => kept.has(version)).toSorted(compareOffers);
};

export const isSame = (a: Offer, b: Offer): boolean =>
	a.version === b.version && a.architecture === b.architecture && a.sha256 === b.sha256;

/** What is offered under the same version and architecture with other bytes. */
export const findOtherBytes = (offers: readonly Offer[], ours: Offer): Offer | undefined =>
	offers.find(
		({ version, architecture, sha256 }) =>
			version === ours.version && architecture === ours.architecture && sha256 !== ours.sha256,
	);
