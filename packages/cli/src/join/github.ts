import { readArtifact } from '@slipway/archive';
import { type Publisher, SlipwayError } from '@slipway/core';
import type { GithubTarget } from '@slipway/core/config';
import type { GitHubCode, GitHubRest } from '@slipway/github';
import { openGit } from './git.ts';
import { readExtras, readSigner, readSource } from './github-files.ts';
import type { OpenProject } from './project.ts';
import type { Configured } from './publishers.ts';

/** Which repository, at which API. */
export interface GitHubPlace {
	readonly api: string;
	/** `OWNER/NAME`. */
	readonly repository: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CLOUD = 'github.com';

/** Services of GitHub itself have their API at api.HOST. */
const isCloud = (host: string): boolean => host === CLOUD || host.endsWith('.ghe.com');

const HTTP_ADDRESS = /^https?:\/\/(?:[^/@]*@)?([^/@]+)\/([^/]+\/[^/]+?)(?:\.git)?\/?$/;
const SSH_ADDRESS = /^(?:ssh:\/\/)?[^@/:]+@([^/:]+)(?::\d+\/|[:/])([^/]+\/[^/]+?)(?:\.git)?\/?$/;

/** Host and `OWNER/NAME` of a remote's address; undefined where it has no such form. */
export const parseRemote = (
	address: string,
): { readonly host: string; readonly repository: string } | undefined => {
	if (address.length > 1000) return undefined;
	const [, host, repository] = HTTP_ADDRESS.exec(address) ?? SSH_ADDRESS.exec(address) ?? [];
	return host && repository ? { host, repository } : undefined;
};

const readOrigin = async ({ folder, door }: OpenProject) => {
	const address = await openGit(folder, door.environment)?.ask('remote', 'get-url', 'origin');
	return address === undefined ? undefined : parseRemote(address);
};

const toTarget = ({ config }: OpenProject): GithubTarget | undefined =>
	Object.values(config.targets).find((target) => target.type === 'github');

/** An unknown host is taken for an enterprise server only where slipway.yml says that it is one of GitHub. */
const toApi = (host: string | undefined, isTarget: boolean): string | undefined => {
	if (host === undefined) return undefined;
	if (isCloud(host)) return `https://api.${host}`;
	return isTarget ? `https://${host}/api/v3` : undefined;
};

const findPlace = async (project: OpenProject, target?: GithubTarget): Promise<GitHubPlace | undefined> => {
	const { environment } = project.door;
	const api = target?.api ?? environment.GITHUB_API_URL;
	const repository = target?.repository ?? environment.GITHUB_REPOSITORY;
	if (api && repository) return { api, repository };
	const origin = await readOrigin(project);
	const found = {
		api: api || toApi(origin?.host, target !== undefined),
		repository: repository || origin?.repository,
	};
	return found.api && found.repository ? { api: found.api, repository: found.repository } : undefined;
};

const toToken = ({ GITHUB_TOKEN, GH_TOKEN }: Environment): string | undefined =>
	GITHUB_TOKEN || GH_TOKEN || undefined;

const openRest = async (
	project: OpenProject,
	target: GithubTarget | undefined,
): Promise<GitHubRest | undefined> => {
	const place = await findPlace(project, target);
	if (!place) return undefined;
	const { toGitHubRest } = await import('@slipway/github');
	return toGitHubRest({ ...place, token: toToken(project.door.environment) });
};

/**
 * The GitHub API of a project: by its target of type github, else by the run (GITHUB_API_URL, GITHUB_REPOSITORY), else by
 * the clone's origin; undefined where none of them names one. Token: GITHUB_TOKEN or GH_TOKEN; without one, public reads.
 * @throws SlipwayError GITHUB_API_INVALID, GITHUB_REPOSITORY_INVALID
 */
export const openGitHubRest = (project: OpenProject): Promise<GitHubRest | undefined> =>
	openRest(project, toTarget(project));

const toUnknown = (who: string): SlipwayError =>
	new SlipwayError<GitHubCode>(
		'GITHUB_REPOSITORY_UNKNOWN',
		`${who}: expected a repository at GitHub, found none in slipway.yml, the environment or the clone`,
		{
			hint: 'Add the remote origin to the clone, or set `repository: OWNER/NAME` (and `api`, for an enterprise server) of a target of type github in slipway.yml.',
		},
	);

/** As openGitHubRest. @throws SlipwayError GITHUB_REPOSITORY_UNKNOWN where nothing names a repository */
export const openKnownGitHub = async (project: OpenProject): Promise<GitHubRest> => {
	const rest = await openGitHubRest(project);
	if (rest) return rest;
	throw toUnknown(project.project);
};

/** @throws SlipwayError GITHUB_REPOSITORY_UNKNOWN, GITHUB_API_INVALID, GITHUB_REPOSITORY_INVALID */
export const openGitHub = async (
	project: OpenProject,
	configured: Configured<GithubTarget>,
): Promise<Publisher> => {
	const { githubPublisher } = await import('@slipway/github');
	const rest = await openRest(project, configured.target);
	if (!rest) throw toUnknown(`target ${configured.id}`);
	return githubPublisher({
		...configured,
		rest,
		project: project.project,
		version: project.version,
		source: () => readSource(project),
		readArtifact: (artifact) => readArtifact(project.releaseFolder, artifact),
		extras: () => readExtras(project),
		signer: () => readSigner(project),
	});
};
