export type { Commit, GitBackend, Ref } from './git/backend.ts';
export type { NewCommit, NewPull, RepositoryControl } from './repository-control.ts';
export type { FaultEffect, GitHubFault } from './server/faults.ts';
export type { Permissions } from './server/rights.ts';
export {
	type GitHubApiOptions,
	type GitHubLogEntry,
	type LocalGitHub,
	type RepositoryOptions,
	startGitHubApi,
	type TokenOptions,
} from './start-github-api.ts';
export { toAssetName } from './state/release.ts';
