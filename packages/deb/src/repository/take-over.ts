import type { ChangeContext, Finding } from '@slipway/core';
import type { Change } from '@slipway/store';
import { toAptError } from './error.ts';
import { toSha256 } from './packages-index.ts';
import { toByHashPath, toSuitePath } from './paths.ts';
import { checkOrigin } from './read-suite.ts';
import type { Release } from './release-file.ts';
import { type Repository, toTrustedKeys } from './repository.ts';
import { type Survey, surveySuite } from './survey-suite.ts';
import { updateSuite } from './update-suite.ts';
import { type RepositoryFiles, toMaxBytes, type VerifiedDeb, verifyRepository } from './verify-repository.ts';

export interface TakeOver {
	readonly suite: string;
	/** Where it is published today; absent: in the store itself. */
	readonly from?: RepositoryFiles | undefined;
	/** Only look. */
	readonly dryRun?: boolean | undefined;
}

/** What became of a suite of another tool. */
export interface TakenOver {
	readonly suite: string;
	/** `already`: Slipway has signed it before. */
	readonly outcome: 'taken-over' | 'already' | 'looked';
	readonly origin: string;
	readonly label: string;
	readonly components: readonly string[];
	readonly architectures: readonly string[];
	/** .debs whose bytes were compared with the signed index. */
	readonly packages: number;
	/** Files that were brought into the store. */
	readonly copied: number;
	readonly findings: readonly Finding[];
}

const MAX_FILE = 4096 * 1024 * 1024;

const toStoreFiles = ({ store }: Repository): RepositoryFiles => ({
	get: async (path) => (await store.read(path))?.bytes ?? null,
});

const write = async (
	{ store }: Repository,
	changes: readonly Change[],
	{ guard }: ChangeContext,
): Promise<void> => {
	const outcome = await store.write(changes, guard);
	if (outcome.outcome === 'written') return;
	throw toAptError(
		'APT_SUITE_EXISTS',
		`${outcome.path} is in the store already, with other bytes`,
		'Take over into an empty store, or in place.',
	);
};

/** Pool files go first, at the paths that the index names, one at a time: a pool may be larger than memory. */
const toCopier =
	(repository: Repository, change: ChangeContext) =>
	async ({ filename, bytes }: VerifiedDeb): Promise<void> =>
		write(repository, [{ kind: 'create', path: filename, bytes }], change);

/**
 * What the Release lists and the tool keeps, under its name and by its hash; last InRelease as it is, which the next one
 * follows under a newer date. @returns how many files
 */
const copyListed = async (
	repository: Repository,
	files: RepositoryFiles,
	{ survey, change }: { readonly survey: Survey; readonly change: ChangeContext },
): Promise<number> => {
	const { name: suite, release } = survey;
	let copied = 1;
	for (const [path, { size, sha256 }] of release.files) {
		const options = { maxBytes: toMaxBytes(size, MAX_FILE), signal: change.context.signal };
		const bytes = await files.get(toSuitePath(suite, path), options);
		if (!bytes || toSha256(bytes) !== sha256) continue;
		const folder = path.split('/').slice(0, -1).join('/');
		const changes: Change[] = [
			{ kind: 'create', path: toByHashPath(suite, folder, sha256).replace('//', '/'), bytes },
			{ kind: 'put', path: toSuitePath(suite, path), bytes },
		];
		await write(repository, changes, change);
		copied += 1;
	}
	const inRelease = { kind: 'create', path: toSuitePath(suite, 'InRelease'), bytes: survey.bytes } as const;
	await write(repository, [inRelease], change);
	return copied;
};

const countSources = (survey: Survey): number =>
	[...survey.release.files.keys()].filter((path) => /(?:^|\/)Sources(?:\.|$)/.test(path)).length;

/** Files of source packages are named by no index that is read here. */
const checkSources = (survey: Survey): void => {
	if (countSources(survey) === 0) return;
	throw toAptError(
		'APT_SOURCES_FOUND',
		`dists/${survey.name} has source packages, which Slipway does not copy`,
		'Take the repository over in place, where they stay as they are, or take them out with the old tool first.',
	);
};

const missingKey = () =>
	toAptError(
		'APT_KEY_MISSING',
		'expected the signing key of the repository, got none',
		'Give this job the variable or file named under `signing-key` of the target.',
	);

/**
 * Goes on with a suite that reprepro, aptly or another tool has published: verifies it whole by the trusted keys, brings
 * its files into the store where they are elsewhere, and signs it again under a newer date, its indexes by hash too. Names,
 * pool paths, stanzas and every field that apt compares stay as they are, so its clients notice nothing. Cut off anywhere,
 * it can be run again.
 * @throws SlipwayError as surveySuite and verifyRepository; APT_ORIGIN_CHANGED, APT_SOURCES_FOUND, APT_SUITE_EXISTS,
 * APT_KEY_MISSING, as updateSuite
 */
export const takeOverSuite = async (
	repository: Repository,
	{ suite, from, dryRun = false }: TakeOver,
	change: ChangeContext,
): Promise<TakenOver> => {
	const { signingKey } = repository;
	if (!signingKey) throw missingKey();
	const { clock, signal } = change.context;
	const keys = toTrustedKeys(repository);
	const here = toStoreFiles(repository);
	const request = { suite, keys, signer: signingKey.fingerprint, now: clock.now(), signal };
	const own = from && (await surveyOwn(here, request));
	const survey = own ?? (await surveySuite(from ?? here, request));
	const { release, findings } = survey;
	const facts = { suite, origin: release.origin, label: release.label, findings, ...toKinds(release) };
	if (release.serial > 0) return { ...facts, outcome: 'already', packages: 0, copied: 0 };
	checkOrigin(release, repository);
	if (from) checkSources(survey);
	const bring = from && !dryRun ? toCopier(repository, change) : undefined;
	const check = { suite, keys, ...(bring ? { onDeb: bring } : {}) };
	const { debs } = await verifyRepository(from ?? here, check, change.context);
	const known = { ...facts, packages: debs.length };
	if (dryRun) return { ...known, outcome: 'looked', copied: 0 };
	const listed = from ? await copyListed(repository, from, { survey, change }) : 0;
	await updateSuite(repository, { suite, decide: async () => [], rewrite: true }, change);
	return { ...known, outcome: 'taken-over', copied: from ? debs.length + listed : 0 };
};

const toKinds = ({ components, architectures }: Release) => ({ components, architectures });

/** A suite in the store that Slipway has signed already: an earlier run came to its end. */
const surveyOwn = async (
	here: RepositoryFiles,
	request: Parameters<typeof surveySuite>[1],
): Promise<Survey | undefined> => {
	const path = toSuitePath(request.suite, 'InRelease');
	const found = await here.get(path, { maxBytes: MAX_FILE, signal: request.signal });
	const survey = found && (await surveySuite(here, request));
	return survey && survey.release.serial > 0 ? survey : undefined;
};
