import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readArtifact } from '@slipway/archive';
import { type Artifact, type Publisher, SlipwayError } from '@slipway/core';
import { BUNDLE_SUFFIX } from '@slipway/core/attestation';
import type { AptTarget, NpmTarget, TargetConfig } from '@slipway/core/config';
import { openAptParts } from './apt-parts.ts';
import { readAttestations } from './attestations.ts';
import { openGitHub } from './github.ts';
import { readNpmNames } from './npm-packages.ts';
import type { JoinCode, OpenProject } from './project.ts';

const toReader =
	({ releaseFolder }: OpenProject) =>
	(artifact: Artifact) =>
		readArtifact(releaseFolder, artifact);

/** The bundle that the release made for one npm package; undefined where it was not signed. */
const toProvenance =
	({ releaseFolder }: OpenProject) =>
	({ name }: Artifact): Promise<string | undefined> =>
		readFile(join(releaseFolder, 'attestations', `npm-${name}${BUNDLE_SUFFIX}`), 'utf8').catch(
			(error: NodeJS.ErrnoException) => {
				if (error.code === 'ENOENT') return undefined;
				throw error;
			},
		);

/** One target of slipway.yml. */
export interface Configured<T> {
	readonly id: string;
	readonly target: T;
	readonly needsCredentials: boolean;
}

/**
 * The registry of an npm target, and what this job may do there. A job that needs no credentials exchanges no ID token: it
 * may hold one for something else, and run in an environment that the registry does not trust.
 */
export const openNpmRegistry = async (project: OpenProject, target: NpmTarget, needsCredentials = true) => {
	const { askNpmForRegistry, readNpmConfig, toIdTokenSource, toNpmCredentials } = await import(
		'@slipway/npm'
	);
	const { environment } = project.door;
	const npmConfig = readNpmConfig({
		projectFolder: project.folder,
		home: environment.HOME ?? homedir(),
		environment,
	});
	const registry =
		target.registry ?? npmConfig.registry ?? (await askNpmForRegistry(project.folder, environment));
	const credentials = toNpmCredentials({
		registry,
		authorization: npmConfig.authorizationFor(registry),
		idToken: needsCredentials ? toIdTokenSource(environment) : undefined,
		onSecret: project.door.onSecret,
	});
	return { registry, credentials };
};

const openNpm = async (project: OpenProject, configured: Configured<NpmTarget>): Promise<Publisher> => {
	const { npmPublisher } = await import('@slipway/npm');
	const { registry, credentials } = await openNpmRegistry(
		project,
		configured.target,
		configured.needsCredentials,
	);
	const packages = await readNpmNames(project);
	return npmPublisher({
		...configured,
		registry,
		credentials,
		packages,
		readArtifact: toReader(project),
		provenanceMode: project.config.sign?.provenance ?? 'own',
		provenance: toProvenance(project),
		isEarlierProvenance: async (bundles, context) => {
			const { isEarlierProvenance } = await import('./earlier-provenance.ts');
			return isEarlierProvenance(project, bundles, context);
		},
	});
};

const openApt = async (project: OpenProject, configured: Configured<AptTarget>): Promise<Publisher> => {
	const { aptPublisher } = await import('@slipway/deb');
	const packages = project.config.deb.map(({ name }) => name);
	return aptPublisher({
		...configured,
		...(await openAptParts(project, configured.target)),
		readArtifact: toReader(project),
		attestations: (artifact) => readAttestations(project.releaseFolder, artifact),
		packages,
	});
};

const openTarget = (
	project: OpenProject,
	{ target, ...rest }: Configured<TargetConfig>,
): Promise<Publisher> => {
	if (target.type === 'npm') return openNpm(project, { target, ...rest });
	if (target.type === 'apt') return openApt(project, { target, ...rest });
	return openGitHub(project, { target, ...rest });
};

export interface PublisherOptions {
	/** Ids of targets; default: all of slipway.yml. */
	readonly only?: readonly string[] | undefined;
	/** False in a job that only claims the plan and holds no secret. */
	readonly needsCredentials?: boolean | undefined;
}

/**
 * One publisher for each target of slipway.yml, or for those named.
 * @throws SlipwayError TARGET_UNKNOWN, PROJECT_UNREADABLE, and what reading credentials and keys throws
 */
export const openPublishers = async (
	project: OpenProject,
	{ only, needsCredentials = true }: PublisherOptions = {},
): Promise<Publisher[]> => {
	const targets = Object.entries(project.config.targets);
	const unknown = only?.find((id) => !targets.some(([known]) => known === id));
	if (unknown !== undefined) {
		const known = targets.map(([id]) => id).join(', ');
		throw new SlipwayError<JoinCode>(
			'TARGET_UNKNOWN',
			`expected one of the targets ${known}, got "${unknown}"`,
			{ hint: 'Correct the name, or add the target to slipway.yml.' },
		);
	}
	const chosen = targets.filter(([id]) => only?.includes(id) ?? true);
	return Promise.all(chosen.map(([id, target]) => openTarget(project, { id, target, needsCredentials })));
};
