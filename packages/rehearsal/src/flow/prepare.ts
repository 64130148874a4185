import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRelease } from '@slipway/archive';
import type { Config } from '@slipway/core/config';
import { copyProject } from '../project/copy-project.ts';
import { unpinRegistry } from '../project/publish-config.ts';
import { planPrevious } from '../seed/plan-previous.ts';
import { copyPrevious, seedPrevious } from '../seed/seed-previous.ts';
import { askSlipway, runSlipway, type Slipway } from '../slipway/slipway.ts';
import { makeHistory, pushHistory } from '../trust/history.ts';
import type { Origin } from '../trust/identity.ts';
import { readRepository } from '../trust/repository.ts';
import type { Draft } from './draft.ts';
import { openStage, type Part, type Stage, toReleaseFolder, toSlipway } from './part.ts';
import { toSeeded } from './seeded.ts';
import { toWantedTargets } from './wanted-targets.ts';

const toPreviousChanges = ({ project, previous }: Draft): Partial<Config> => {
	const deb = project.config.deb.map(({ supersedes: _, ...each }) => each);
	const version = project.config.version === undefined ? undefined : previous?.version;
	return { deb, test: [], ...(version === undefined ? {} : { version }) };
};

/** Only npm needs no release of the previous version: it is given the bytes themselves. */
const toOtherTargets = ({ project }: Draft): Config['targets'] =>
	Object.fromEntries(Object.entries(project.config.targets).filter(([, { type }]) => type !== 'npm'));

/** The copy becomes a repository whose one commit is tagged, as a release in earnest is made from one. */
const makeOrigin = async (
	{ draft: { project, notes }, sourceDate }: Part,
	{ project: copy, environment }: Slipway,
): Promise<Origin | undefined> => {
	const { name: repository, url } = await readRepository(project);
	const { version, folder: original } = project;
	const commit = await makeHistory({ original, copy, version, url, sourceDate, environment });
	if (commit !== undefined) return { repository, version, commit };
	notes.push('git is not on this machine: the release names no commit, and was not signed.');
	return undefined;
};

/** What a maintainer has pushed before a release begins: the commit, and the tag that names the version. */
const pushCopy = async (stage: Stage, copy: 'project' | 'previous', version: string): Promise<void> => {
	const { draft, services, sourceDate } = stage;
	const { project, environment } = await toSlipway(stage, copy, { config: `${copy}-push` });
	// Without git there is no history, and the release names no commit.
	if (services.github === undefined || !existsSync(join(project, '.git'))) return;
	for (const target of Object.values(draft.project.config.targets)) {
		if (target.type !== 'github') continue;
		const { folder } = services.github.repository(target.repository).git;
		const tag = `${target['tag-prefix']}${version}`;
		if (folder) await pushHistory({ copy: project, environment, sourceDate }, { folder, tag });
	}
};

/** A second build; one that gives other bytes is worth knowing, and no reason to stop. */
const buildAgain = async (part: Part): Promise<void> => {
	const { draft } = part;
	const slipway = await toSlipway(part, 'project', { config: 'build' });
	const verdict = await askSlipway(slipway, ['reproduce']);
	draft.isReproduced = 'identical' in verdict && verdict.identical === true;
	if (!draft.isReproduced)
		draft.notes.push('A second build gave other bytes: `slipway reproduce` says which.');
};

const build = async (part: Part): Promise<void> => {
	const { draft, world } = part;
	const slipway = await toSlipway(part, 'project', { config: 'build' });
	await copyProject(draft.project, slipway.project, world.folder);
	draft.notes.push(...(await unpinRegistry(slipway.project, draft.project, await world.registry)));
	draft.origin = await makeOrigin(part, slipway);
	await runSlipway(slipway, ['build']);
	const { manifest } = await readRelease(slipway.release);
	draft.targets = toWantedTargets(draft.project, manifest);
};

const buildOlder = async (part: Part): Promise<void> => {
	const { draft, world, sourceDate } = part;
	const { project } = draft;
	draft.previous = await planPrevious(project, await world.registry);
	const changes = toPreviousChanges(draft);
	const slipway = await toSlipway(part, 'previous', { config: 'previous-build', changes });
	if (draft.previous.built === null) return;
	const { project: copy, environment } = slipway;
	await copyPrevious(project, draft.previous, { copy, outside: world.folder });
	// A history of its own: below a clone it would name a commit of that one.
	const { url } = await readRepository(project);
	const { version } = draft.previous;
	await makeHistory({ original: project.folder, copy, version, url, sourceDate, environment });
	// Tests are left out: it only has to be there.
	await runSlipway(slipway, ['build', '--no-test']);
};

const seed = async (stage: Stage): Promise<void> => {
	const { draft, services } = stage;
	if (draft.previous === undefined) return;
	if (draft.previous.built !== null) await pushCopy(stage, 'previous', draft.previous.version);
	const changes = { ...toPreviousChanges(draft), targets: toOtherTargets(draft) };
	const slipway = await toSlipway(stage, 'previous', { config: 'previous', changes });
	await seedPrevious(draft.project, draft.previous, { services, slipway });
};

const step = <T>({ draft, world }: Part, name: string, task: () => Promise<T>): Promise<T> =>
	world.steps.run(draft.project.name, name, task);

/** Waits for all of them, so that nothing of a part goes on once it has failed; then throws the first failure. */
export const settleAll = async (tasks: readonly Promise<unknown>[]): Promise<void> => {
	const results = await Promise.allSettled(tasks);
	for (const result of results) if (result.status === 'rejected') throw result.reason;
};

/**
 * Builds the project while the services start, and puts its previous version where the release will find it.
 * @throws SlipwayError: what building or releasing the previous version reported
 */
export const prepare = async (part: Part): Promise<Stage> => {
	const older = async () => {
		await step(part, 'build the previous version', () => buildOlder(part));
		const stage = await openStage(part);
		await step(part, 'release the previous version', () => seed(stage));
	};
	const ours = async () => {
		await step(part, 'build', () => build(part));
		// A faulty rehearsal is about the fault.
		if (part.world.fault === undefined) await step(part, 'build again', () => buildAgain(part));
	};
	await settleAll([ours(), older()]);
	const stage = await openStage(part);
	const { draft } = stage;
	await pushCopy(stage, 'project', draft.project.version);
	if (draft.previous === undefined) return stage;
	const manifest =
		draft.previous.built === null
			? undefined
			: (await readRelease(toReleaseFolder(stage, 'previous'))).manifest;
	draft.seeded = toSeeded(draft.project, draft.targets, { previous: draft.previous, manifest });
	return stage;
};
