import { editIndex, type PackageEdit, toListed } from './edit-index.ts';
import { toBlocks, toGzipIndex } from './gzip-blocks.ts';
import type { Offer } from './offers.ts';
import { type IndexStanza, toSha256 } from './packages-index.ts';
import type { PackagesIndex } from './read-index.ts';
import type { ListedFile } from './release-file.ts';
import type { Repository } from './repository.ts';
import { resolveStanza } from './resolve-stanza.ts';
import type { SuiteView } from './suite-view.ts';

/** What a suite shall offer of one package; an empty list removes it. */
export interface PackageTarget {
	readonly component: string;
	readonly name: string;
	readonly offers: readonly Offer[];
	/** These offers may have been in the suite before (rollback): look for their stanzas in its history first. */
	readonly wasOffered: boolean;
	/** See WantedStanza. */
	readonly made?: readonly IndexStanza[] | undefined;
}

/** One form of an index, and how a Release lists it. */
export interface IndexFile extends ListedFile {
	/** `Packages` or `Packages.gz`. */
	readonly name: string;
	/** null: listed, as apt needs it to check what it unpacked, and not served: every apt fetches the compressed one. */
	readonly bytes: Buffer | null;
}

/** An index that is to be written. */
export interface EditedIndex {
	/** Relative to the suite's folder. */
	readonly folder: string;
	readonly files: readonly IndexFile[];
}

export interface SuiteEdit {
	readonly indexes: readonly EditedIndex[];
	/** Pool files that no stanza of the edited indexes names any longer. */
	readonly removed: readonly string[];
}

interface ResolvedTarget extends PackageTarget {
	readonly stanzas: readonly IndexStanza[];
}

const resolve = async (
	repository: Repository,
	view: SuiteView,
	target: PackageTarget,
): Promise<ResolvedTarget> => {
	const { component, name, wasOffered, made } = target;
	const stanzas = target.offers.map((offer) =>
		resolveStanza(repository, view, { component, name, offer, made, isNew: !wasOffered }),
	);
	return { ...target, stanzas: await Promise.all(stanzas) };
};

const isFor = (architecture: string, stanza: IndexStanza): boolean =>
	stanza.architecture === architecture || stanza.architecture === 'all';

/** Every stanza for "all" that the other indexes of a component hold: what an index of a new architecture begins with. */
const toSeed = (indexes: readonly PackagesIndex[]): Buffer => {
	const texts = indexes
		.flatMap(({ blocks }) => blocks.flatMap(({ text }) => text().toString('utf8').split(/\n\n+/)))
		.filter((text) => /^Architecture:[ \t]*all[ \t]*$/im.test(text));
	return Buffer.from([...new Set(texts.map((text) => text.trimEnd()))].map((text) => `${text}\n\n`).join(''));
};

const toCompressed = (bytes: Buffer): IndexFile => ({
	name: 'Packages.gz',
	bytes,
	size: bytes.length,
	sha256: toSha256(bytes),
});

interface Editing {
	readonly targets: readonly ResolvedTarget[];
	/** What an index of a new architecture begins with. */
	readonly seed: Buffer;
	readonly rewrite: boolean;
}

const editOne = (index: PackagesIndex, { targets, seed, rewrite }: Editing): EditedIndex | undefined => {
	const edits: PackageEdit[] = targets.map(({ name, stanzas }) => ({
		name,
		stanzas: stanzas.filter((stanza) => isFor(index.architecture, stanza)),
	}));
	const blocks = editIndex(index.isListed ? index.blocks : toBlocks(seed), edits);
	if (index.isListed && blocks === index.blocks && index.hasGzip && !rewrite) return undefined;
	const plain = { name: 'Packages', bytes: null, ...toListed(blocks) };
	return { folder: index.folder, files: [plain, toCompressed(toGzipIndex(blocks))] };
};

const findRemoved = async (
	view: SuiteView,
	{ component, name, stanzas }: ResolvedTarget,
): Promise<readonly string[]> => {
	const kept = new Set(stanzas.map(({ filename }) => filename));
	const before = (await view.stanzas(component, name)).map(({ filename }) => filename);
	return [...new Set(before)].filter((file) => !kept.has(file));
};

/** What a suite shall offer from now on. */
export interface SuiteRequest {
	readonly targets: readonly PackageTarget[];
	/** See SuiteUpdate. */
	readonly rewrite: boolean;
}

const editComponent = async (
	repository: Repository,
	view: SuiteView,
	component: string,
	{ targets, rewrite }: SuiteRequest,
): Promise<SuiteEdit> => {
	const before = await view.indexes(component);
	const resolved = await Promise.all(targets.map((target) => resolve(repository, view, target)));
	const isNew = before.some(({ isListed }) => !isListed);
	const seed = isNew ? toSeed(before) : Buffer.alloc(0);
	const indexes = before.flatMap((index) => editOne(index, { targets: resolved, seed, rewrite }) ?? []);
	const removed = await Promise.all(resolved.map((target) => findRemoved(view, target)));
	return { indexes, removed: removed.flat() };
};

/**
 * The indexes that change so that the suite offers exactly `targets` of those packages and all others as before.
 * Stanzas for "all" go into every architecture's index.
 * @throws SlipwayError APT_BYTES_*, APT_REPOSITORY_TAMPERED, DEB_*, STORE_*
 */
export const editSuite = async (
	repository: Repository,
	view: SuiteView,
	{ targets, rewrite }: SuiteRequest,
): Promise<SuiteEdit> => {
	const { release } = view.suite;
	const isWider = repository.architectures.some((name) => !release?.architectures.includes(name));
	const components = new Set([
		...targets.map(({ component }) => component),
		...(isWider || rewrite ? (release?.components ?? []) : []),
	]);
	const edits = await Promise.all(
		[...components].map((component) =>
			editComponent(repository, view, component, {
				targets: targets.filter((target) => target.component === component),
				rewrite,
			}),
		),
	);
	return {
		indexes: edits.flatMap(({ indexes }) => indexes),
		removed: edits.flatMap(({ removed }) => removed),
	};
};
