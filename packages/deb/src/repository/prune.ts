import type { Change } from '@slipway/store';
import { toClearText } from './clear-text.ts';
import type { Suite } from './read-suite.ts';
import { parseRelease, type Release } from './release-file.ts';
import type { Repository } from './repository.ts';

const DAY_MS = 86_400_000;
/** A client that has read an InRelease may fetch what it names for so long, and CDNs keep it for so long. */
const GRACE_MS = 7 * DAY_MS;
/** The one that is served now and two before it. */
const GENERATIONS = 3;
/** Only every so many publishes: looking costs more than the few files it frees. */
const EVERY = 8;

const readArchived = async (repository: Repository, path: string): Promise<Release | null> => {
	const found = await repository.store.read(path);
	try {
		return found && parseRelease(toClearText(found.bytes));
	} catch {
		return null;
	}
};

/**
 * Releases whose files may still be asked for, newest first: the last three, and every one that was served within the
 * last seven days. Content of archived ones is not verified: it can only make more files stay, or by-hash copies go.
 */
export const readKeptReleases = async (
	repository: Repository,
	suite: Pick<Suite, 'history' | 'release'>,
	{ release, now }: { readonly release: Release; readonly now: number },
): Promise<readonly Release[]> => {
	const served = suite.release && suite.release.serial !== release.serial ? [suite.release] : [];
	const kept = [release, ...served];
	let replacedAt = kept.at(-1)?.date ?? now;
	for (const path of suite.history.toReversed()) {
		if (kept.length >= GENERATIONS && replacedAt < now - GRACE_MS) break;
		const archived = await readArchived(repository, path);
		if (!archived || archived.serial >= (kept.at(-1)?.serial ?? 0)) continue;
		kept.push(archived);
		replacedAt = archived.date;
	}
	return kept;
};

/**
 * The by-hash copies that no kept Release names, and forms of indexes that another tool left, as changes; most times none,
 * because nobody looks. Looked up before the
 * new Release is written, so that nothing is removed that another writer made for the one after it.
 */
export const toPruning = async (
	repository: Repository,
	suite: Suite,
	current: { readonly release: Release; readonly now: number },
): Promise<readonly Change[]> => {
	if (current.release.serial % EVERY !== 0) return [];
	const kept = await readKeptReleases(repository, suite, current);
	const named = new Set(kept.flatMap(({ files }) => [...files.values()].map(({ sha256 }) => sha256)));
	const folder = `dists/${suite.name}/`;
	const paths = await repository.store.list(`dists/${suite.name}`);
	const listed = new Set(kept.flatMap(({ files }) => [...files.keys()].map((path) => `${folder}${path}`)));
	const isOurs = toOurs(current.release, { folder, paths: new Set(paths) });
	return paths
		.filter((path) => isUnnamedCopy(path, named) || (kept.every(isByUs) && isStale(path, { listed, isOurs })))
		.map((path): Change => ({ kind: 'remove', path }));
};

const isByUs = ({ serial }: Release): boolean => serial > 0;

const isUnnamedCopy = (path: string, named: ReadonlySet<string>): boolean => {
	const sha256 = /\/by-hash\/SHA256\/([0-9a-f]{64})$/.exec(path)?.[1];
	return sha256 !== undefined && !named.has(sha256);
};

interface Tree {
	/** `dists/stable/` */
	readonly folder: string;
	readonly paths: ReadonlySet<string>;
}

/** Folders of indexes whose compressed form clients find by its hash: no other form is needed there. */
const toOurs =
	({ files }: Release, { folder, paths }: Tree) =>
	(index: string): boolean => {
		const listed = files.get(`${index.slice(folder.length)}/Packages.gz`);
		return listed !== undefined && paths.has(`${index}/by-hash/SHA256/${listed.sha256}`);
	};

/** Forms of an index that another tool wrote once, and that nobody writes or names any more. */
const isStale = (
	path: string,
	{ listed, isOurs }: { readonly listed: ReadonlySet<string>; readonly isOurs: (folder: string) => boolean },
): boolean => {
	const [, index = '', form] = /^(.*)\/Packages(?:\.(xz|bz2|lzma|zst|lz4))?$/.exec(path) ?? [];
	return index !== '' && isOurs(index) && (form === undefined || !listed.has(path));
};
