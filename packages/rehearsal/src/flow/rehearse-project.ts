import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRelease } from '@slipway/archive';
import type { Config } from '@slipway/core/config';
import type { Place } from '../consumer/look.ts';
import { copyProject } from '../project/copy-project.ts';
import { type ProjectPlace, toDerivedConfig } from '../project/derive-config.ts';
import { readSourceDate } from '../project/source-date.ts';
import { planPrevious } from '../seed/plan-previous.ts';
import { buildPrevious, seedPrevious } from '../seed/seed-previous.ts';
import { type Services, writeNpmConfig } from '../services/start-services.ts';
import { toChildEnvironment } from '../slipway/environment.ts';
import { runSlipway, type Slipway } from '../slipway/slipway.ts';
import type { Draft, Moment } from './draft.ts';
import { lookAtTargets, verifyLooks } from './look-at-targets.ts';
import { operate, operateFaultyRelease, operateRelease } from './operate.ts';
import { toWantedTargets } from './wanted-targets.ts';
import type { World } from './world.ts';

/** One project's part of the rehearsal: its draft, and the name of its folder. */
export interface Part {
	readonly draft: Draft;
	readonly key: string;
	readonly world: World;
}

/** A part whose services are up. */
interface Stage extends Part {
	readonly services: Services;
	readonly place: ProjectPlace;
	readonly environment: Slipway['environment'];
}

const step = <T>({ draft, world }: Part, name: string, task: () => Promise<T>): Promise<T> =>
	world.steps.run(draft.project.name, name, task);

const openStage = async (part: Part): Promise<Stage> => {
	const { world, key, draft } = part;
	const services = await world.services;
	const folder = join(world.folder, key);
	const home = join(folder, 'home');
	await mkdir(join(home, 'tmp'), { recursive: true });
	await writeNpmConfig(join(home, '.npmrc'), services);
	const registry = services.registry.origin;
	const environment = {
		...toChildEnvironment({ environment: world.environment, home, registry }),
		SOURCE_DATE_EPOCH: await readSourceDate(draft.project.folder, world.environment),
	};
	return { ...part, services, environment, place: { key, folder, services } };
};

/** The command for one copy of the project: ours, or that of the previous version. */
const toSlipway = async (
	{ draft, world, place, environment }: Stage,
	copy: 'project' | 'previous',
	{ name = copy, ...changes }: Partial<Config> & { readonly name?: string } = {},
): Promise<Slipway> => {
	const config = join(place.folder, `${name}.slipway.yml`);
	await writeFile(config, toDerivedConfig(draft.project, place, changes));
	const release = join(place.folder, `${copy}-release`);
	const { command, context } = world;
	return { command, project: join(place.folder, copy), config, release, environment, signal: context.signal };
};

const toPreviousChanges = ({ project, previous }: Draft): Partial<Config> => {
	const deb = project.config.deb.map(({ supersedes: _, ...each }) => each);
	const version = project.config.version === undefined ? undefined : previous?.version;
	return { deb, test: [], ...(version === undefined ? {} : { version }) };
};

/** Only apt needs a release of the previous version; npm is given the bytes themselves. */
const toAptTargets = ({ project }: Draft): Config['targets'] =>
	Object.fromEntries(Object.entries(project.config.targets).filter(([, { type }]) => type === 'apt'));

const seed = async (stage: Stage): Promise<void> => {
	const { draft, world, services } = stage;
	const { project } = draft;
	const previous = await planPrevious(project, await world.registry);
	draft.previous = previous;
	const changes = toPreviousChanges(draft);
	const slipway = await toSlipway(stage, 'previous', changes);
	await buildPrevious(project, previous, { slipway, outside: world.folder });
	const targets = toAptTargets(draft);
	const apt = await toSlipway(stage, 'previous', { ...changes, targets, name: 'previous-apt' });
	await seedPrevious(project, previous, { services, slipway: apt });
};

const prepare = async (stage: Stage): Promise<Slipway> => {
	const { draft, world } = stage;
	const slipway = await toSlipway(stage, 'project');
	const build = async () => {
		await copyProject(draft.project, slipway.project, world.folder);
		await runSlipway(slipway, ['build']);
	};
	await Promise.all([
		step(stage, 'build', build),
		step(stage, 'seed the previous version', () => seed(stage)),
	]);
	const { manifest } = await readRelease(slipway.release);
	draft.targets = toWantedTargets(draft.project, manifest);
	return slipway;
};

const lookAt = async (stage: Stage, moment: Moment): Promise<void> => {
	const { draft, services, key, place, environment, world } = stage;
	const at: Place = { folder: join(place.folder, 'consumers'), environment, signal: world.context.signal };
	await lookAtTargets(draft, moment, { services, key, place: at });
	if (moment !== 'before') verifyLooks(draft, moment);
};

const release = async (stage: Stage, slipway: Slipway): Promise<void> => {
	const { draft, world, services, place, key } = stage;
	const { fault } = world;
	if (fault === undefined) return operateRelease(draft, slipway, services);
	const repositories = Object.entries(draft.project.config.targets).flatMap(([id, target]) =>
		target.type === 'apt'
			? [{ folder: join(services.aptFolder, key, id), prefix: `/${place.key}/${id}`, suites: [target.suite] }]
			: [],
	);
	const npmNames = draft.project.npmPackages.map(({ name }) => name);
	await operateFaultyRelease(draft, slipway, { fault, target: { services, npmNames, repositories } });
};

/**
 * Releases one project, looks at it as a user, rolls it back, restores it. What is found out lands in the draft.
 * @throws SlipwayError: where it does not go as it should
 */
export const rehearseProject = async (part: Part): Promise<void> => {
	const stage = await openStage(part);
	const { draft } = stage;
	const slipway = await prepare(stage);
	const { version } = draft.project;
	await step(stage, 'look before', () => lookAt(stage, 'before'));
	await step(stage, 'release', () => release(stage, slipway));
	await step(stage, 'look after the release', () => lookAt(stage, 'release'));
	const rollback = ['rollback', version, '--reason', 'rehearsal', '--yes'];
	await step(stage, 'rollback', () => operate(draft, slipway, { args: rollback, expected: 'ROLLED_BACK' }));
	await step(stage, 'look after the rollback', () => lookAt(stage, 'rollback'));
	const restore = ['restore', version, '--reason', 'rehearsal', '--yes'];
	await step(stage, 'restore', () => operate(draft, slipway, { args: restore, expected: 'COMPLETED' }));
	await step(stage, 'look after the restore', () => lookAt(stage, 'restore'));
};
