import { join } from 'node:path';
import type { Config, TargetConfig } from '@slipway/core/config';
import type { Services } from '../services/start-services.ts';
import type { Project } from './read-project.ts';

/** Where the parts of one project's rehearsal lie. */
export interface ProjectPlace {
	/** Below the rehearsal's folder; unique among the projects. */
	readonly key: string;
	readonly folder: string;
	readonly services: Services;
}

const toTarget = (id: string, target: TargetConfig, place: ProjectPlace): TargetConfig => {
	const { services, key } = place;
	if (target.type === 'npm') return { ...target, registry: services.registry.origin };
	return {
		...target,
		store: { directory: join(services.aptFolder, key, id) },
		url: `${services.apt.origin}/${key}/${id}`,
		'signing-key': { file: services.keyFile },
		'trusted-keys': [],
	};
};

/**
 * The project's configuration with every target, store, journal and key replaced by an embedded one, and nothing else
 * changed. As JSON, which is YAML.
 */
export const toDerivedConfig = (
	project: Project,
	place: ProjectPlace,
	changes: Partial<Config> = {},
): string => {
	const targets = Object.entries(changes.targets ?? project.config.targets).map(
		([id, target]) => [id, toTarget(id, target, place)] as const,
	);
	const config: Config = {
		...project.config,
		project: project.name,
		...changes,
		targets: Object.fromEntries(targets),
		journal: { directory: join(place.folder, 'journal') },
	};
	return `${JSON.stringify(config, null, '\t')}\n`;
};
