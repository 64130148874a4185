import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@slipway/core/config';
import { type ProjectPlace, toDerivedConfig } from '../project/derive-config.ts';
import { readSourceDate } from '../project/source-date.ts';
import { type Services, writeNpmConfig } from '../services/start-services.ts';
import { toChildEnvironment } from '../slipway/environment.ts';
import type { Slipway } from '../slipway/slipway.ts';
import type { Draft } from './draft.ts';
import type { World } from './world.ts';

/** One project's part of the rehearsal. */
export interface Part {
	readonly draft: Draft;
	readonly world: World;
	readonly place: ProjectPlace;
	/** In place of the user's home. */
	readonly home: string;
	/** SOURCE_DATE_EPOCH. */
	readonly sourceDate: string;
}

/** A part whose services are up. */
export interface Stage extends Part {
	readonly services: Services;
}

/** Beside nothing but other projects: `services` and `apt` may be names of projects. */
export const toPartFolder = ({ folder }: Pick<World, 'folder'>, key: string): string =>
	join(folder, 'projects', key);

export const openPart = async (draft: Draft, key: string, world: World): Promise<Part> => {
	const folder = toPartFolder(world, key);
	const home = join(folder, 'home');
	await mkdir(join(home, 'tmp'), { recursive: true });
	const sourceDate = await readSourceDate(draft.project.folder, world.environment);
	return { draft, world, home, sourceDate, place: { key, folder, aptFolder: world.aptFolder } };
};

/** Waits for the services. */
export const openStage = async (part: Part): Promise<Stage> => {
	const services = await part.world.services;
	await writeNpmConfig(join(part.home, '.npmrc'), services);
	return { ...part, services };
};

/** What children inherit; until the services are up, dependencies come straight from the configured registry. */
export const toEnvironment = async (part: Part | Stage): Promise<Slipway['environment']> => {
	const { world, home, sourceDate } = part;
	const registry = 'services' in part ? part.services.registry.origin : await world.registry;
	const { environment, compileCache } = world;
	const child = toChildEnvironment({ environment, home, compileCache, registry });
	return { ...child, SOURCE_DATE_EPOCH: sourceDate };
};

export const toReleaseFolder = ({ place }: Part, copy: 'project' | 'previous'): string =>
	join(place.folder, `${copy}-release`);

/** What a maintainer has at hand to write to the repository: a token with this one right. */
const toRights = (part: Part | Stage): Slipway['environment'] => {
	const github = 'services' in part ? part.services.github : undefined;
	return github
		? { GH_TOKEN: github.issueToken({ permissions: { contents: 'write' }, login: 'maintainer' }) }
		: {};
};

interface Wanted {
	/** Name of the configuration, without ending. */
	readonly config: string;
	readonly trust?: Pick<Config, 'sign' | 'policy'> | undefined;
	readonly changes?: Partial<Config>;
}

/** The command for one copy of the project (ours, or that of the previous version) under a configuration of its own. */
export const toSlipway = async (
	part: Part | Stage,
	copy: 'project' | 'previous',
	{ config: name, ...more }: Wanted,
): Promise<Slipway> => {
	const { draft, world, place } = part;
	const config = join(place.folder, `${name}.slipway.yml`);
	const addresses =
		'services' in part
			? {
					registry: part.services.registry.origin,
					apt: part.services.apt.origin,
					keyFile: part.services.keyFile,
					github: part.services.github?.origin ?? '',
				}
			: undefined;
	await writeFile(config, toDerivedConfig(draft.project, { place, addresses, ...more }));
	return {
		command: world.command,
		project: join(place.folder, copy),
		config,
		release: toReleaseFolder(part, copy),
		environment: { ...(await toEnvironment(part)), ...toRights(part) },
		signal: world.context.signal,
	};
};
