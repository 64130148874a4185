import type { Artifact, ChangeContext, Subject, Withdrawal } from '@slipway/core';
import { parsePurl } from '@slipway/core';
import { toAttestationsPath } from '../repository/attestations.ts';
import { listSuites } from '../repository/clean-pool.ts';
import { findInBlocks } from '../repository/edit-index.ts';
import { toSha256 } from '../repository/packages-index.ts';
import { toIndexFolder, toPoolPath } from '../repository/paths.ts';
import { readKeptReleases } from '../repository/prune.ts';
import { orNothing, readIndex } from '../repository/read-index.ts';
import { readSuite, type Suite } from '../repository/read-suite.ts';
import type { Release } from '../repository/release-file.ts';
import { openSuite } from '../repository/suite-view.ts';
import { parseDebPurl } from './deb-purl.ts';
import { type Apt, parsePointerName } from './options.ts';

interface Place {
	readonly component: string;
	readonly name: string;
}

const readFilenames = async (
	{ repository }: Apt,
	{ suite, release }: { readonly suite: string; readonly release: Release },
	{ component, name }: Place,
): Promise<readonly string[]> => {
	const indexes = await Promise.all(
		release.architectures.map((architecture) =>
			readIndex(repository, { suite, release }, toIndexFolder(component, architecture)),
		),
	);
	return indexes
		.flatMap((index) => (index ? findInBlocks(index.blocks, name) : []))
		.map(({ filename }) => filename);
};

/** Pool files that clients may still ask for: named by what is served, or by what was until lately. */
const readNamed = async (
	apt: Apt,
	suite: Suite & { readonly release: Release },
	{ component, name, now }: Place & { readonly now: number },
): Promise<readonly string[]> => {
	const kept = await readKeptReleases(apt.repository, suite, { release: suite.release, now });
	const named = await Promise.all(
		kept.map((release, age) => {
			const read = readFilenames(apt, { suite: suite.name, release }, { component, name });
			// The served one must be whole.
			return age === 0 ? read : orNothing(read, []);
		}),
	);
	return named.flat();
};

const readAllNamed = async (
	apt: Apt,
	place: Place & { readonly now: number },
): Promise<ReadonlySet<string>> => {
	const named = new Set<string>();
	for (const name of await listSuites(apt.repository)) {
		const suite = await readSuite(apt.repository, name, { now: place.now, acceptServed: true });
		const { release } = suite;
		if (release) for (const path of await readNamed(apt, { ...suite, release }, place)) named.add(path);
	}
	return named;
};

interface Removal {
	readonly removed: boolean;
	readonly remains: readonly string[];
}

const removeArtifact = async (
	{ repository }: Apt,
	artifact: Artifact,
	{ path, change, named }: { path: string; change: ChangeContext; named: ReadonlySet<string> },
): Promise<Removal> => {
	if (named.has(path))
		return { removed: false, remains: [`${path} stays: an index that clients may hold still names it`] };
	const found = await repository.store.read(path);
	if (!found) return { removed: false, remains: [] };
	if (toSha256(found.bytes) !== artifact.digest.sha256)
		return { removed: false, remains: [`${path} holds other bytes, which are not ours, and was left alone`] };
	change.context.signal.throwIfAborted();
	const beside = toAttestationsPath(artifact.digest.sha256);
	const removals = [path, beside].map((gone) => ({ kind: 'remove', path: gone }) as const);
	await repository.store.write(removals, change.guard);
	return { removed: true, remains: [] };
};

const withdrawOne = async (apt: Apt, subject: Subject, change: ChangeContext): Promise<Withdrawal> => {
	const { suite, component } = parsePointerName(subject.pointer.name);
	const { name } = parsePurl(subject.id);
	const now = change.context.clock.now();
	const named = await readAllNamed(apt, { component, name, now });
	const removals: Removal[] = [];
	for (const artifact of subject.artifacts) {
		const path = toPoolPath(component, parseDebPurl(artifact.purl));
		removals.push(await removeArtifact(apt, artifact, { path, change, named }));
	}
	const view = await openSuite(apt.repository, suite, { now, acceptServed: true });
	return {
		subject,
		outcome: removals.some(({ removed }) => removed) ? 'withdrawn' : 'already',
		current: await view.pointer(component, name),
		remains: removals.flatMap(({ remains }) => remains),
	};
};

/**
 * Takes uploaded .debs that no index names, now or lately, out of the pool again. The version can be used again.
 * @throws SlipwayError APT_REPOSITORY_*, STORE_*
 */
export const withdrawHidden = async (
	apt: Apt,
	subjects: readonly Subject[],
	change: ChangeContext,
): Promise<readonly Withdrawal[]> => {
	const withdrawals: Withdrawal[] = [];
	for (const subject of subjects) withdrawals.push(await withdrawOne(apt, subject, change));
	return withdrawals;
};
