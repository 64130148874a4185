import { join } from 'node:path';
import type { Config, TargetConfig } from '@slipway/core/config';
import type { Project } from './read-project.ts';

/** Where the parts of one project's rehearsal lie. */
export interface ProjectPlace {
	/** Below the rehearsal's folder; unique among the projects. */
	readonly key: string;
	readonly folder: string;
	/** Below it lies the folder of each apt repository. */
	readonly aptFolder: string;
}

/** What the configuration names of the services; a build needs none of it, and starts before they are up. */
export type Addresses = {
	readonly registry: string;
	readonly apt: string;
	readonly keyFile: string;
	readonly github: string;
};

/** Nothing listens there (discard, RFC 863). */
const NOWHERE = 'http://127.0.0.1:9';
const NO_ADDRESSES: Addresses = { registry: NOWHERE, apt: NOWHERE, keyFile: 'no-key-yet', github: NOWHERE };

interface Derivation {
	readonly place: ProjectPlace;
	/** Missing: for a build. */
	readonly addresses?: Addresses | undefined;
	/** How it is signed here. Missing: not at all. */
	readonly trust?: Pick<Config, 'sign' | 'policy'> | undefined;
	/** What else is changed. */
	readonly changes?: Partial<Config> | undefined;
}

const toTarget = (
	id: string,
	target: TargetConfig,
	{ place, addresses = NO_ADDRESSES }: Derivation,
): TargetConfig => {
	if (target.type === 'npm') return { ...target, registry: addresses.registry };
	if (target.type === 'github') return { ...target, api: addresses.github };
	return {
		...target,
		store: { directory: join(place.aptFolder, place.key, id) },
		url: `${addresses.apt}/${place.key}/${id}`,
		'signing-key': { file: addresses.keyFile },
		'trusted-keys': [],
	};
};

/**
 * The project's configuration with every target, store, journal, key, signing service and policy replaced by an embedded
 * one, and nothing else changed. As JSON, which is YAML.
 */
export const toDerivedConfig = (project: Project, derivation: Derivation): string => {
	const { place, trust, changes = {} } = derivation;
	const targets = Object.entries(changes.targets ?? project.config.targets).map(
		([id, target]) => [id, toTarget(id, target, derivation)] as const,
	);
	const config: Config = {
		...project.config,
		project: project.name,
		sign: trust?.sign,
		policy: trust?.policy,
		...changes,
		targets: Object.fromEntries(targets),
		journal: { directory: join(place.folder, 'journal') },
	};
	return `${JSON.stringify(config, null, '\t')}\n`;
};
