import type { ChangeContext, Context } from '@slipway/core';
import { toClearText } from './clear-text.ts';
import { toAptError } from './error.ts';
import { toSuitePath } from './paths.ts';
import { readKeptReleases } from './prune.ts';
import { orNothing, readIndex } from './read-index.ts';
import { readSuite, type Suite } from './read-suite.ts';
import { parseRelease, type Release } from './release-file.ts';
import type { Repository } from './repository.ts';

/** Names of all suites of a repository. */
export const listSuites = async ({ store }: Repository): Promise<readonly string[]> => {
	const paths = await store.list('dists');
	return [...new Set(paths.flatMap((path) => /^dists\/([^/]+)\/(?:In)?Release$/.exec(path)?.[1] ?? []))];
};

const toFilenames = (text: Buffer): string[] =>
	[...text.toString('utf8').matchAll(/^Filename[ \t]*:[ \t]*(\S+)[ \t]*$/gim)].map(([, path = '']) =>
		path.replace(/^\.\//, ''),
	);

const readFilenames = async (
	repository: Repository,
	suite: string,
	release: Release,
): Promise<readonly string[]> => {
	const folders = [...release.files.keys()].flatMap((path) => /^(.*)\/Packages$/.exec(path)?.[1] ?? []);
	const indexes = await Promise.all(
		folders.map((folder) => readIndex(repository, { suite, release }, folder)),
	);
	return indexes.flatMap((index) => (index?.blocks ?? []).flatMap(({ text }) => toFilenames(text())));
};

interface Looked {
	/** By an index that clients may hold. */
	readonly named: readonly string[];
	/** Left a suite by a Release that nobody may hold any longer. */
	readonly dropped: readonly string[];
	/** Where the Release of the suite lies, and the store's mark of it. */
	readonly path: string;
	readonly version: string | undefined;
}

const readDropped = async (
	repository: Repository,
	suite: Suite,
	kept: readonly Release[],
): Promise<string[]> => {
	const oldest = kept.at(-1)?.serial ?? 0;
	const dropped: string[] = [];
	for (const path of suite.history) {
		const found = await repository.store.read(path);
		const release = found && parseRelease(toClearText(found.bytes));
		if (release && release.serial <= oldest) dropped.push(...release.removed);
	}
	return dropped;
};

const lookAt = async (repository: Repository, name: string, now: number): Promise<Looked> => {
	const suite = await readSuite(repository, name, { now, acceptServed: true });
	const mark = { path: toSuitePath(name, 'InRelease'), version: suite.inRelease?.version };
	if (!suite.release) return { named: [], dropped: [], ...mark };
	const kept = await readKeptReleases(repository, suite, { release: suite.release, now });
	const [served = [], ...older] = await Promise.all(
		kept.map((release, age) => {
			const names = readFilenames(repository, name, release);
			return age === 0 ? names : orNothing(names, []);
		}),
	);
	const dropped = await readDropped(repository, suite, kept);
	return { named: [...served, ...older.flat()], dropped, ...mark };
};

const lookAtAll = async (repository: Repository, { clock }: Context): Promise<readonly Looked[]> => {
	const looked: Looked[] = [];
	for (const name of await listSuites(repository)) looked.push(await lookAt(repository, name, clock.now()));
	return looked;
};

/** Whether somebody has published since. */
const isStill = async ({ store }: Repository, looked: readonly Looked[]): Promise<boolean> => {
	const found = await Promise.all(looked.map(({ path }) => store.read(path)));
	return found.every((file, at) => file?.version === looked[at]?.version);
};

const MAX_LOOKS = 20;

const busy = () =>
	toAptError(
		'APT_CONFLICT',
		`the repository changed ${MAX_LOOKS} times while it was looked at`,
		'Clean while nothing is published.',
	);

/**
 * Removes from the pool what once was in a suite and is named by none that is served, nor by any of the last three
 * Releases or those of the last seven days. What was uploaded and never exposed is left alone. Where somebody publishes
 * meanwhile, everything is looked at again.
 * @returns the paths that were removed
 * @throws SlipwayError APT_CONFLICT, APT_REPOSITORY_*, STORE_*
 */
export const cleanPool = async (
	repository: Repository,
	{ context, guard }: ChangeContext,
): Promise<readonly string[]> => {
	for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
		const looked = await lookAtAll(repository, context);
		const named = new Set(looked.flatMap((look) => look.named));
		const present = new Set(await repository.store.list('pool'));
		const paths = [...new Set(looked.flatMap(({ dropped }) => dropped))].filter(
			(path) => present.has(path) && !named.has(path),
		);
		const removals = paths.map((path) => ({ kind: 'remove', path }) as const);
		if (removals.length === 0) return [];
		if (!(await isStill(repository, looked))) continue;
		await repository.store.write(removals, guard);
		return paths;
	}
	throw busy();
};
