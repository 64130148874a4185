export type { GitHubCode } from './code.ts';
export { type Origins, toOrigins } from './rest/origins.ts';
export { pathOf } from './rest/path.ts';
export type { RestRefusal, RestReply } from './rest/reply.ts';
export {
	type GitHubRest,
	type GitHubRestOptions,
	type RestRequest,
	type RestScope,
	type RestUpload,
	toGitHubRest,
} from './rest/rest.ts';
