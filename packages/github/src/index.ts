export { storeAttestation } from './attestations/store-attestation.ts';
export type { GitHubCode } from './code.ts';
export { type CommentRequest, upsertComment } from './issues/comment.ts';
export { closeIssue, type IssueRequest, type Upserted, upsertIssue } from './issues/issue.ts';
export { MAX_BODY } from './issues/marker.ts';
export type { Signer } from './notes/sections.ts';
export { type GitHubPublisherOptions, githubPublisher } from './publisher/github-publisher.ts';
export type { ReleaseFile } from './release/asset-file.ts';
export { type RestFailure, toRestError } from './rest/failure.ts';
export { type Origins, toOrigins } from './rest/origins.ts';
export { type PagedRequest, readPages } from './rest/pages.ts';
export { pathOf } from './rest/path.ts';
export { askPatiently, readPatiently } from './rest/patience.ts';
export type { RestRefusal, RestReply } from './rest/reply.ts';
export {
	type GitHubRest,
	type GitHubRestOptions,
	type RestRequest,
	type RestScope,
	type RestUpload,
	toGitHubRest,
} from './rest/rest.ts';
export { type EnvironmentFacts, type RefPattern, readEnvironment } from './settings/environment.ts';
export { readIsOnBranch, readRepositoryFile, readTagCommit, resolveTag } from './settings/git.ts';
export { matchesRefPattern } from './settings/ref-pattern.ts';
export {
	type PagesFacts,
	type RepositoryFacts,
	type RunFacts,
	readImmutableReleases,
	readLatestRuns,
	readPagesSource,
	readRepository,
	readWorkflowPermissions,
} from './settings/repository.ts';
export { type RefName, type RulesetFacts, readBranch, readRulesets } from './settings/rulesets.ts';
export type { Setting } from './settings/setting.ts';
