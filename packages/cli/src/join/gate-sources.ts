import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Policy } from '@slipway/core/policy';
import type { AdvisorySource } from '@slipway/gate';
import type { OpenProject } from './project.ts';

/** A registry as this project reads from it. */
export interface ReadRegistry {
	readonly registry: string;
	readonly authorization: string | undefined;
}

/** The registry of the npm target, else the one that npm is configured for in the project. */
export const openReadRegistry = async ({ folder, config, door }: OpenProject): Promise<ReadRegistry> => {
	const { askNpmForRegistry, readNpmConfig } = await import('@slipway/npm');
	const { environment } = door;
	const npmConfig = readNpmConfig({
		projectFolder: folder,
		home: environment.HOME ?? homedir(),
		environment,
	});
	const target = Object.values(config.targets).find(({ type }) => type === 'npm');
	const named = target?.type === 'npm' ? target.registry : undefined;
	const registry = named ?? npmConfig.registry ?? (await askNpmForRegistry(folder, environment));
	return { registry, authorization: npmConfig.authorizationFor(registry) };
};

/**
 * Where vulnerabilities and malware are looked up, as the policy says: an index of OSV records (its path is relative to
 * slipway.yml), the npm registry, both, or nowhere.
 */
export const openAdvisorySources = async (
	project: OpenProject,
	{ gates }: Pick<Policy, 'gates'>,
): Promise<AdvisorySource[]> => {
	const { bulkSource, indexSource } = await import('@slipway/gate');
	const { database, online, 'max-age-hours': maxAgeHours } = gates.vulnerabilities;
	const file = database === undefined ? undefined : resolve(project.configFolder, database);
	return [
		...(file === undefined || database === undefined
			? []
			: [indexSource({ file, name: database, maxAgeHours })]),
		...(online ? [bulkSource({ ...(await openReadRegistry(project)), cache: project.door.answers })] : []),
	];
};
