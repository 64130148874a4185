import type { StoredFile } from '@slipway/store';
import { toAptError } from './error.ts';
import { toSha256 } from './packages-index.ts';
import { toHistoryFolder, toHistoryPath, toSerial, toSuitePath } from './paths.ts';
import { parseRelease, type Release } from './release-file.ts';
import { type Repository, toTrustedKeys } from './repository.ts';
import { type SignedText, verifyClearsigned, verifyDetached } from './verify-signature.ts';

/** A suite as it is published, its signature verified. */
export interface Suite {
	readonly name: string;
	/** null: nothing is published. */
	readonly release: Release | null;
	/** null: none yet, or only Release with Release.gpg (another tool, or a first publish that was cut off). */
	readonly inRelease: StoredFile | null;
	/** The text that was signed. */
	readonly text: string;
	/** The store's version of `Release`, for compare-and-set where there is no InRelease; null: absent, or not asked for. */
	readonly releaseVersion: string | null;
	/** Paths of archived Releases, oldest first. */
	readonly history: readonly string[];
}

export interface ReadOptions {
	/** Milliseconds since 1970. */
	readonly now: number;
	/**
	 * Take what is served though its key or its Valid-Until has expired, or a newer one was served before: only for
	 * signing it again on purpose.
	 */
	readonly acceptServed?: boolean | undefined;
}

const checkSuite = (release: Release, name: string): void => {
	if (release.suite === name || release.codename === name) return;
	throw toAptError(
		'APT_REPOSITORY_OTHER_SUITE',
		`expected the Release file of suite ${name}, got a validly signed one of suite ${release.suite}`,
		'Somebody put the files of one suite in the place of another: find out who, and put back the right InRelease.',
	);
};

const checkAge = (release: Release, now: number): void => {
	if (release.validUntil === null || release.validUntil > now) return;
	throw toAptError(
		'APT_REPOSITORY_EXPIRED',
		`the published Release file expired on ${new Date(release.validUntil).toISOString()}`,
		'Look whether it is the newest one (a held back repository looks like this), then run `slipway apt re-sign`.',
	);
};

/** The newest Release that was archived must not be newer than the one that is served (a replayed old InRelease). */
const checkReplay = (served: { serial: number; path: string | null }, history: readonly string[]): void => {
	const newest = history.at(-1);
	if (newest === undefined) return;
	const serial = toSerial(newest);
	if (served.serial > serial || (served.serial === serial && isArchived(served, history))) return;
	throw toAptError(
		'APT_REPOSITORY_REPLAYED',
		`expected the Release file with serial ${serial} or a later one, got ${served.serial || 'none'}: an older state was put back`,
		`Put ${newest} back as InRelease, or accept the older state with \`slipway apt re-sign --accept-served\`.`,
	);
};

const isArchived = ({ path }: { path: string | null }, history: readonly string[]): boolean =>
	path !== null && history.includes(path);

const readSigned = async (repository: Repository, name: string, options: ReadOptions) => {
	const { store } = repository;
	const trust = {
		keys: toTrustedKeys(repository),
		now: options.now,
		allowExpiredKey: options.acceptServed,
	};
	const inRelease = await store.read(toSuitePath(name, 'InRelease'));
	if (inRelease)
		return { inRelease, releaseVersion: null, signed: await verifyClearsigned(inRelease.bytes, trust) };
	const release = await store.read(toSuitePath(name, 'Release'));
	const base = { inRelease, releaseVersion: release?.version ?? null };
	if (!release) return { ...base, signed: null };
	const signature = await store.read(toSuitePath(name, 'Release.gpg'));
	if (signature) return { ...base, signed: await verifyDetached(release.bytes, signature.bytes, trust) };
	throw toAptError(
		'APT_REPOSITORY_UNSIGNED',
		`expected dists/${name}/InRelease, got a Release file without any signature`,
		'Slipway edits only what a trusted key signed: sign the repository once, or start in an empty folder.',
	);
};

const toSuiteState = (signed: SignedText | null): { release: Release | null; text: string } => ({
	release: signed && parseRelease(signed.text),
	text: signed?.text ?? '',
});

/** @throws SlipwayError APT_ORIGIN_CHANGED */
export const checkOrigin = (release: Release, { origin, label }: Repository): void => {
	if (release.origin === origin && release.label === label) return;
	throw toAptError(
		'APT_ORIGIN_CHANGED',
		`expected Origin "${release.origin}" and Label "${release.label}" as published, got "${origin}" and "${label}"`,
		'Set `origin` and `label` of the target in slipway.yml to the published values: apt stops at a change of them.',
	);
};

/**
 * Reads a suite and verifies its signature, before anything in it is believed: a trusted key, the right suite, not
 * expired, no older state put back, Origin and Label as configured.
 * @throws SlipwayError APT_REPOSITORY_*, APT_RELEASE_INVALID, APT_ORIGIN_CHANGED, APT_KEY_EXPIRED, STORE_*
 */
export const readSuite = async (
	repository: Repository,
	name: string,
	options: ReadOptions,
): Promise<Suite> => {
	for (;;) {
		const [{ signed, inRelease, releaseVersion }, history] = await Promise.all([
			readSigned(repository, name, options),
			repository.store.list(toHistoryFolder(name)),
		]);
		const { release, text } = toSuiteState(signed);
		if (release) {
			checkSuite(release, name);
			checkOrigin(release, repository);
		}
		const suite = { name, release, inRelease, text, releaseVersion, history };
		if (options.acceptServed) return suite;
		if (release) checkAge(release, options.now);
		if (await isNewest(repository, suite)) return suite;
	}
};

/**
 * False: another publish came between the two reads, that of InRelease and that of the archive; both are to be read again.
 * @throws SlipwayError APT_REPOSITORY_REPLAYED
 */
const isNewest = async ({ store }: Repository, suite: Suite): Promise<boolean> => {
	const { name, release, inRelease, history } = suite;
	try {
		const path = inRelease && toArchivePath(name, release, inRelease.bytes);
		checkReplay({ serial: release?.serial ?? 0, path }, history);
		return true;
	} catch (thrown) {
		const now = await store.read(toSuitePath(name, 'InRelease'));
		if ((now?.version ?? null) === (inRelease?.version ?? null)) throw thrown;
		return false;
	}
};

/** Where an InRelease is archived once it has been served. */
export const toArchivePath = (suite: string, release: Release | null, bytes: Uint8Array): string =>
	toHistoryPath(suite, release?.serial ?? 0, toSha256(bytes));
