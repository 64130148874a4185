import { readRelease } from '@slipway/archive';
import type { Config } from '@slipway/core/config';
import { copyProject } from '../project/copy-project.ts';
import { unpinRegistry } from '../project/publish-config.ts';
import { planPrevious } from '../seed/plan-previous.ts';
import { buildPrevious, seedPrevious } from '../seed/seed-previous.ts';
import { runSlipway } from '../slipway/slipway.ts';
import type { Draft } from './draft.ts';
import { openStage, type Part, type Stage, toReleaseFolder, toSlipway } from './part.ts';
import { toSeeded } from './seeded.ts';
import { toWantedTargets } from './wanted-targets.ts';

const toPreviousChanges = ({ project, previous }: Draft): Partial<Config> => {
	const deb = project.config.deb.map(({ supersedes: _, ...each }) => each);
	const version = project.config.version === undefined ? undefined : previous?.version;
	return { deb, test: [], ...(version === undefined ? {} : { version }) };
};

/** Only apt needs a release of the previous version; npm is given the bytes themselves. */
const toAptTargets = ({ project }: Draft): Config['targets'] =>
	Object.fromEntries(Object.entries(project.config.targets).filter(([, { type }]) => type === 'apt'));

const build = async (part: Part): Promise<void> => {
	const { draft, world } = part;
	const slipway = await toSlipway(part, 'project', { config: 'build' });
	await copyProject(draft.project, slipway.project, world.folder);
	draft.notes.push(...(await unpinRegistry(slipway.project, draft.project, await world.registry)));
	await runSlipway(slipway, ['build']);
	const { manifest } = await readRelease(slipway.release);
	draft.targets = toWantedTargets(draft.project, manifest);
};

const buildOlder = async (part: Part): Promise<void> => {
	const { draft, world } = part;
	const { project } = draft;
	draft.previous = await planPrevious(project, await world.registry);
	const changes = toPreviousChanges(draft);
	const slipway = await toSlipway(part, 'previous', { config: 'previous-build', changes });
	await buildPrevious(project, draft.previous, { slipway, outside: world.folder });
};

const seed = async (stage: Stage): Promise<void> => {
	const { draft, services } = stage;
	if (draft.previous === undefined) return;
	const changes = { ...toPreviousChanges(draft), targets: toAptTargets(draft) };
	const slipway = await toSlipway(stage, 'previous', { config: 'previous', changes });
	await seedPrevious(draft.project, draft.previous, { services, slipway });
};

const step = <T>({ draft, world }: Part, name: string, task: () => Promise<T>): Promise<T> =>
	world.steps.run(draft.project.name, name, task);

/** Waits for all of them, so that nothing of a part goes on once it has failed; then throws the first failure. */
const settleAll = async (tasks: readonly Promise<unknown>[]): Promise<void> => {
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
	await settleAll([step(part, 'build', () => build(part)), older()]);
	const stage = await openStage(part);
	const { draft } = stage;
	if (draft.previous === undefined) return stage;
	const manifest =
		draft.previous.built === null
			? undefined
			: (await readRelease(toReleaseFolder(stage, 'previous'))).manifest;
	draft.seeded = toSeeded(draft.project, draft.targets, { previous: draft.previous, manifest });
	return stage;
};
