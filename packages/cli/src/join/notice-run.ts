import { basename } from 'node:path';
import { findVersionProblem } from '@slipway/core';
import type { GitHubRest } from '@slipway/github';

type Environment = Readonly<Record<string, string | undefined>>;

/** The repository that this run belongs to: issues and comments are written there and nowhere else. */
export const openRunRest = async (environment: Environment): Promise<GitHubRest | undefined> => {
	const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = environment;
	if (!api || !repository) return undefined;
	const { toGitHubRest } = await import('@slipway/github');
	return toGitHubRest({ api, repository, token });
};

/** Address of the run's page; null outside of GitHub. */
export const toRunAddress = (environment: Environment): string | null => {
	const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
	if (!server || !repository || !run || !/^\d+$/.test(run)) return null;
	return `${server}/${repository}/actions/runs/${run}`;
};

/** The version in the name of a tag: `v1.2.0`, `greet@1.2.0`, `greet-v1.2.0`. */
export const toTagVersion = (tag: string): string | undefined => {
	const [, text] = /(?:^|[@v/-])(\d{1,20}\.\d{1,20}\.\d{1,20}[^/@]{0,100})$/.exec(tag.slice(-160)) ?? [];
	return text !== undefined && findVersionProblem(text) === undefined ? text : undefined;
};

/** The tag of the run, where it was started by one. */
export const toRunTag = ({ GITHUB_REF: ref = '' }: Environment): string | undefined =>
	ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;

/** Name of the caller's workflow, as the Actions page lists it. */
export const toWorkflowName = ({ GITHUB_WORKFLOW: name }: Environment): string => name || 'Release';

/** A name for people where there is no configuration to read. */
export const toRepositoryName = ({ GITHUB_REPOSITORY: repository }: Environment): string =>
	repository ? basename(repository) : 'this project';

/** The hidden first line by which an issue or comment is found again. */
export const toMarker = (...parts: readonly string[]): string =>
	parts
		.map((part) => part.replace(/[^A-Za-z0-9._/@-]+/g, '_').replace(/-{2,}/g, '-'))
		.join(':')
		.slice(0, 190);
