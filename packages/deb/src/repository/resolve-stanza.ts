import { findInBlocks } from './edit-index.ts';
import { isSame, type Offer } from './offers.ts';
import type { IndexStanza } from './packages-index.ts';
import { toIndexFolder } from './paths.ts';
import { readPoolStanza, verifyStanzaBytes } from './pool-deb.ts';
import { orNothing, readIndex } from './read-index.ts';
import { parseRelease, type Release } from './release-file.ts';
import { type Repository, toTrustedKeys } from './repository.ts';
import { type SuiteView, toOffer } from './suite-view.ts';
import { verifyClearsigned } from './verify-signature.ts';

/** How many archived Releases are looked through for a stanza: their indexes are kept at least that long. */
const GENERATIONS = 3;

export interface WantedStanza {
	readonly component: string;
	readonly name: string;
	readonly offer: Offer;
	/** Of files that this process has put into the pool itself, which need not be read again. */
	readonly made?: readonly IndexStanza[] | undefined;
}

/** Its signature counts as much as that of the served one; null where anything about it is not as it should be. */
const readArchived = async (repository: Repository, path: string): Promise<Release | null> => {
	const found = await repository.store.read(path);
	const trust = { keys: toTrustedKeys(repository), now: 0, allowExpiredKey: true };
	try {
		return found && parseRelease((await verifyClearsigned(found.bytes, trust)).text);
	} catch {
		return null;
	}
};

const findInRelease = async (
	repository: Repository,
	{ suite, release }: { readonly suite: string; readonly release: Release },
	{ component, name, offer }: WantedStanza,
): Promise<IndexStanza | undefined> => {
	for (const architecture of release.architectures) {
		const folder = toIndexFolder(component, architecture);
		const index = await orNothing(readIndex(repository, { suite, release }, folder), null);
		const found = index && findInBlocks(index.blocks, name).find((stanza) => isSame(toOffer(stanza), offer));
		if (found) return found;
	}
	return undefined;
};

const findInHistory = async (
	repository: Repository,
	{ suite }: SuiteView,
	wanted: WantedStanza,
): Promise<IndexStanza | undefined> => {
	for (const path of suite.history.slice(-GENERATIONS).toReversed()) {
		const release = await readArchived(repository, path);
		const found = release && (await findInRelease(repository, { suite: suite.name, release }, wanted));
		if (found) return found;
	}
	return undefined;
};

/**
 * The stanza of one offer: as the suite has it; as it had it lately, where the bytes that it names are still there; or
 * made from the .deb in the pool. `isNew`: nothing to look for in the past.
 * @throws SlipwayError APT_BYTES_MISSING, APT_BYTES_CHANGED, APT_ARTIFACT_INVALID, DEB_*, STORE_*
 */
export const resolveStanza = async (
	repository: Repository,
	view: SuiteView,
	wanted: WantedStanza & { readonly isNew: boolean },
): Promise<IndexStanza> => {
	const present = await view.stanzas(wanted.component, wanted.name);
	const found = present.find((stanza) => isSame(toOffer(stanza), wanted.offer));
	const made = wanted.made?.find((stanza) => isSame(toOffer(stanza), wanted.offer));
	if (found ?? made) return (found ?? made) as IndexStanza;
	const archived = wanted.isNew ? undefined : await findInHistory(repository, view, wanted);
	if (!archived) return readPoolStanza(repository, wanted);
	await verifyStanzaBytes(repository, archived);
	return archived;
};
