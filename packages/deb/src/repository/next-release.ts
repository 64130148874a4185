import type { Context } from '@slipway/core';
import type { EditedIndex, SuiteEdit } from './edit-suite.ts';
import { toAptError } from './error.ts';
import { toSerial } from './paths.ts';
import { toArchitectures } from './read-index.ts';
import type { Suite } from './read-suite.ts';
import type { ListedFile, Release } from './release-file.ts';
import type { Repository } from './repository.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** apt refuses a Date more than 10 s ahead of its clock; half of it is for the user's clock. */
const MAX_AHEAD_MS = 5 * SECOND_MS;
const MAX_WAIT_MS = 60 * SECOND_MS;
/** HTTP's Date has a grain of one second. */
const MAX_CLOCK_OFFSET_MS = 5.5 * SECOND_MS;

/**
 * Compares the local clock with the server's, where it says its time.
 * @throws SlipwayError APT_CLOCK_WRONG
 */
export const verifyClock = async ({ serverClock }: Repository, { clock, signal }: Context): Promise<void> => {
	const server = await serverClock?.(signal);
	if (server === null || server === undefined) return;
	const offset = clock.now() - server;
	if (Math.abs(offset) <= MAX_CLOCK_OFFSET_MS) return;
	throw toAptError(
		'APT_CLOCK_WRONG',
		`expected the local clock within 5 s of the server's, got ${(offset / SECOND_MS).toFixed(1)} s off`,
		'Set the clock (NTP) and run the command again: a Release with a wrong date is refused by apt.',
	);
};

/**
 * The date of the next Release in ms: now, but later than the served one, and never more than 5 s ahead (waits for it).
 * @throws SlipwayError APT_DATE_AHEAD when the served date is more than a minute ahead
 */
export const waitForDate = async (served: Release | null, { clock, signal }: Context): Promise<number> => {
	for (;;) {
		const now = clock.now();
		const date = Math.max(Math.floor(now / SECOND_MS) * SECOND_MS, (served?.date ?? 0) + SECOND_MS);
		const wait = date - now - MAX_AHEAD_MS;
		if (wait <= 0) return date;
		if (wait > MAX_WAIT_MS)
			throw toAptError(
				'APT_DATE_AHEAD',
				`the published Release is dated ${new Date(served?.date ?? 0).toISOString()}, which is in the future`,
				'Check this clock and that of the machine that published last: apt ignores a Release older than the one it has.',
			);
		await clock.sleep(wait, signal);
	}
};

const toFiles = (served: Release | null, indexes: readonly EditedIndex[]): Map<string, ListedFile> => {
	const files = new Map(served?.files);
	for (const { folder, files: edited } of indexes) {
		const stale = [...files.keys()].filter(
			(path) => path === `${folder}/Packages` || path.startsWith(`${folder}/Packages.`),
		);
		for (const path of stale) files.delete(path);
		for (const { name, size, sha256 } of edited) files.set(`${folder}/${name}`, { size, sha256 });
	}
	return files;
};

const toOthers = (served: Release | null, description: string | undefined): Release['others'] => {
	const others = served?.others ?? [];
	if (description === undefined) return others;
	const rest = others.filter(([name]) => name.toLowerCase() !== 'description');
	return [...rest, ['Description', description]];
};

/** The Release that follows the served one after an edit. */
export const toNextRelease = (
	repository: Repository,
	suite: Suite,
	{ indexes, removed, date }: SuiteEdit & { readonly date: number },
): Release => {
	const { release: served } = suite;
	const components = indexes.map(({ folder }) => folder.split('/binary-')[0] ?? folder);
	return {
		suite: served?.suite || suite.name,
		codename: served?.codename || suite.name,
		origin: repository.origin,
		label: repository.label,
		date,
		validUntil: repository.validDays === undefined ? null : date + repository.validDays * DAY_MS,
		serial: toNextSerial(suite),
		architectures: toArchitectures(repository, suite),
		components: [...new Set([...(served?.components ?? []), ...components])],
		files: toFiles(served, indexes),
		removed,
		others: toOthers(served, repository.description),
	};
};

/** Above everything that was ever served, also where an older state was put back and accepted. */
const toNextSerial = ({ release, history }: Suite): number =>
	Math.max(release?.serial ?? 0, ...history.slice(-1).map(toSerial)) + 1;
