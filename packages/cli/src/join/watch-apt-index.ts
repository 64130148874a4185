import { createHash } from 'node:crypto';
import { type Context, parsePurl } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import type { Offer, SuiteFacts } from '@slipway/deb';
import type { WatchFinding } from '@slipway/report';
import { toDay, toDistance, toWatchFinding, type Watch } from './watch-look.ts';
import { toUnknownVersion } from './watch-versions.ts';

/** One suite of a target. */
export interface AptPlace {
	readonly id: string;
	readonly target: AptTarget;
	readonly suite: string;
}

const MAX_SKEW_MS = 5 * 60_000;

/** Valid-Until, and a Date that no client believes yet (Debian repository format, "Date, Valid-Until"). */
const checkTimes = (
	{ id, suite }: AptPlace,
	{ date, validUntil }: SuiteFacts,
	watch: Watch,
): WatchFinding[] => {
	const now = watch.context.clock.now();
	const findings: WatchFinding[] = [];
	if (date > now + MAX_SKEW_MS)
		findings.push(
			toWatchFinding('error', 'WATCH_APT_DATE', {
				target: id,
				message: `InRelease of ${suite} has the date ${new Date(date).toISOString()}, which is still to come: apt refuses it`,
				hint: 'Set the clock of the machine that signs, then run `slipway apt re-sign`.',
			}),
		);
	if (validUntil !== null && validUntil <= now + watch.withinMs)
		findings.push(
			toWatchFinding(validUntil <= now ? 'error' : 'warning', 'WATCH_APT_EXPIRES', {
				target: id,
				message: `InRelease of ${suite} ${validUntil <= now ? 'expired' : 'expires'} on ${toDay(validUntil)} (${toDistance(validUntil, now)}); apt refuses an expired one`,
				hint: 'Run `slipway apt re-sign`, and put it on a schedule.',
			}),
		);
	return findings;
};

const MAX_INRELEASE_BYTES = 64 * 1024 * 1024;

/** Do users get by HTTP what lies in the store? A CDN may be late by a few minutes; a day later it is no delay. */
const checkServed = async (
	{ id, target, suite }: AptPlace,
	{ inRelease, date }: SuiteFacts,
	{ signal, clock }: Context,
): Promise<WatchFinding[]> => {
	const { openServedFiles } = await import('@slipway/deb');
	const path = `dists/${suite}/InRelease`;
	const served = await openServedFiles(target.url).get(path, { maxBytes: MAX_INRELEASE_BYTES, signal });
	if (served === null)
		return [
			toWatchFinding('error', 'WATCH_APT_NOT_SERVED', {
				target: id,
				message: `${target.url}/${path} is not there, though it lies in the store`,
				hint: 'Look at the web server or the Pages source of the repository, and at `url` of the target.',
			}),
		];
	const isLate = clock.now() - date < 15 * 60_000;
	if (createHash('sha256').update(served).digest('hex') === inRelease || isLate) return [];
	return [
		toWatchFinding('error', 'WATCH_APT_SERVED_DIFFERS', {
			target: id,
			message: `${target.url}/${path} is another file than the one in the store, which is of ${new Date(date).toISOString()}`,
			hint: 'Look whether the last deployment or the CDN hangs; a held back index hides new versions from users.',
		}),
	];
};

const toText = ({ version, architecture }: Offer): string => `${version} (${architecture})`;

const checkOffers = async (
	{ id, suite, target }: AptPlace,
	{ offers }: SuiteFacts,
	{ expected }: Watch,
): Promise<WatchFinding[]> => {
	const { parsePointer } = await import('@slipway/deb');
	const findings: WatchFinding[] = [];
	for (const [name, offered] of offers) {
		const subjects = expected.plans.flatMap(({ subjects }) =>
			subjects.filter((subject) => subject.target === id && parsePurl(subject.id).name === name),
		);
		// Without a release of it there is nothing that could have been left there.
		if (subjects.length === 0) continue;
		const known = new Set([
			...subjects.flatMap(({ artifacts }) => artifacts.map(({ digest }) => digest.sha256)),
			...subjects.flatMap(({ pointer }) => parsePointer(pointer.previous).map(({ sha256 }) => sha256)),
		]);
		for (const offer of offered.filter(({ sha256 }) => !known.has(sha256)))
			findings.push(
				toUnknownVersion(
					id,
					`${name} ${toText(offer)} in ${suite}/${target.component}, sha256 ${offer.sha256.slice(0, 12)}`,
					null,
				),
			);
	}
	return findings;
};

/** When the index ends, whether users get it, and what it offers that nobody released here. @throws SlipwayError APT_SERVER_UNREACHABLE */
export const checkIndex = async (
	place: AptPlace,
	facts: SuiteFacts,
	watch: Watch,
): Promise<WatchFinding[]> => [
	...checkTimes(place, facts, watch),
	...(await checkServed(place, facts, watch.context)),
	...(await checkOffers(place, facts, watch)),
];
