import {
	type GitHubApiOptions,
	type LocalGitHub,
	type Permissions,
	startGitHubApi,
} from '@slipway/rehearsal/github';
import { type FakeGitHub, type FakeGitHubOptions, type FakeJob, startFakeGitHub } from '@slipway/testing';

export interface GitHubWorldOptions extends GitHubApiOptions {
	/** Of the ID tokens of each job. */
	readonly claims?: FakeGitHubOptions['claims'];
}

/** All of GitHub that a workflow's jobs talk to: the API with git, and the runner's services. */
export interface GitHubWorld {
	readonly api: LocalGitHub;
	readonly runner: FakeGitHub;
	/** What every step of a job finds in its environment; its token may do what its `permissions` say. */
	toEnvironment(job?: WorldJob): Readonly<Record<string, string>>;
	/** That of a job that may do everything. */
	readonly environment: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

export interface WorldJob extends FakeJob {
	/** Of its GITHUB_TOKEN. Default: all. */
	readonly permissions?: Permissions;
}

/** What the runner's service has stored is there for later runs over the API, as on GitHub. */
const toKeeper =
	(api: LocalGitHub): NonNullable<FakeGitHubOptions['onStored']> =>
	({ run, name, bytes, mimeType, digest }) => {
		const runId = Number(run);
		if (!Number.isInteger(runId)) return;
		const control = api.repository();
		if (!control.state.runs.some(({ id }) => id === runId)) control.addRun({ id: runId });
		control.addArtifact({ name, runId, bytes, mediaType: mimeType, digest });
	};

/** Starts all of it on loopback. Runs have numbers, as `run` of a job, where their artifacts are to be found by the API. */
export const startGitHubWorld = async ({
	claims,
	...options
}: GitHubWorldOptions = {}): Promise<GitHubWorld> => {
	const api = await startGitHubApi(options);
	const runner = await startFakeGitHub({ onStored: toKeeper(api), ...(claims && { claims }) });
	const toEnvironment = ({ permissions, ...job }: WorldJob = {}) => ({
		...runner.toEnvironment({ run: '1', ...job }),
		GITHUB_API_URL: api.origin,
		GITHUB_TOKEN: api.issueToken(permissions && { permissions }),
	});
	return {
		api,
		runner,
		toEnvironment,
		environment: toEnvironment(),
		stop: async () => {
			await Promise.all([api.stop(), runner.stop()]);
		},
	};
};
