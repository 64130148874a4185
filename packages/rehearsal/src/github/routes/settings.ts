import { type Answer, type Call, type Route, readFields, toBase, toText, toWeb } from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { replyError, replyInvalid, replyNotFound } from '../server/replies.ts';
import { mayDo } from '../server/rights.ts';
import { open, read, route, toRoute, write } from '../server/routing.ts';
import { toUser } from './users.ts';

/** What the holder of a token may do with the repository; nothing is said to nobody. */
const toPermissions = ({ token }: Call) =>
	token && {
		permissions: {
			admin: mayDo(token, { scope: 'administration', level: 'write' }),
			maintain: false,
			push: mayDo(token, { scope: 'contents', level: 'write' }),
			triage: mayDo(token, { scope: 'issues', level: 'write' }),
			pull: true,
		},
	};

const getRepository: Answer = (call) => {
	const { repository } = call;
	const { owner, name, settings } = repository;
	return toJsonReply(200, {
		id: repository.id,
		node_id: Buffer.from(`Repository:${repository.id}`).toString('base64'),
		name,
		full_name: `${owner}/${name}`,
		owner: toUser(owner, call),
		private: settings.isPrivate,
		visibility: settings.isPrivate ? 'private' : 'public',
		html_url: toWeb(call),
		url: toBase(call),
		clone_url: `${toWeb(call)}.git`,
		description: settings.description,
		fork: false,
		default_branch: settings.defaultBranch,
		has_issues: settings.hasIssues,
		has_pages: settings.pages !== null,
		archived: false,
		disabled: false,
		...toPermissions(call),
	});
};

const getPages: Answer = (call) => {
	const { repository } = call;
	const { pages, isPrivate } = repository.settings;
	if (pages === null) return replyNotFound();
	return toJsonReply(200, {
		url: `${toBase(call)}/pages`,
		status: 'built',
		cname: null,
		custom_404: false,
		html_url: `${toWeb(call)}/pages/`,
		build_type: pages.type,
		source: { branch: pages.branch, path: pages.path },
		public: !isPrivate,
		https_enforced: true,
	});
};

const toImmutable = (enabled: boolean) => ({ enabled, enforced_by_owner: false });

const getImmutable: Answer = ({ repository }) =>
	repository.settings.immutableReleases ? toJsonReply(200, toImmutable(true)) : replyNotFound();

const setImmutable =
	(enabled: boolean): Answer =>
	({ repository }) => {
		repository.settings.immutableReleases = enabled;
		return toEmptyReply(204);
	};

const getActions: Answer = (call) =>
	toJsonReply(200, {
		enabled: true,
		allowed_actions: 'all',
		sha_pinning_required: call.repository.settings.shaPinning,
	});

const getWorkflowPermissions: Answer = ({ repository }) =>
	toJsonReply(200, {
		default_workflow_permissions: repository.settings.defaultPermissions,
		can_approve_pull_request_reviews: false,
	});

/** Whose token this is; that of an installation is nobody's. */
const getUser: Answer = (call) => {
	if (call.token?.kind === 'installation') return replyError(403, 'Resource not accessible by integration');
	return call.token
		? toJsonReply(200, toUser(call.token.login, call))
		: replyError(401, 'Requires authentication');
};

/** Of GraphQL only what REST does not tell: whose token this is, also that of an app. */
const answerGraphQl: Answer = (call) => {
	if (!call.token) return replyError(401, 'This endpoint requires you to be authenticated.');
	const query = toText(readFields(call).query) ?? '';
	if (/^(query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query))
		return toJsonReply(200, { data: { viewer: { login: call.token.login } } });
	return toJsonReply(200, {
		errors: [{ type: 'undefinedField', message: 'this server knows the viewer only' }],
	});
};

const getInstallation: Answer = (call) => {
	if (call.token?.kind !== 'installation') return replyError(403, 'Resource not accessible');
	const { owner, name, id } = call.repository;
	return toJsonReply(200, { total_count: 1, repositories: [{ id, name, full_name: `${owner}/${name}` }] });
};

const setTopics: Answer = (call) => {
	const names = readFields(call).names;
	return Array.isArray(names) && names.every((name) => toText(name) !== undefined)
		? toJsonReply(200, { names })
		: replyInvalid({ resource: 'Repository', code: 'invalid', field: 'names' });
};

const getRateLimit: Answer = () => {
	const core = { limit: 5000, used: 0, remaining: 5000, reset: 0 };
	return toJsonReply(200, { resources: { core }, rate: core });
};

export const settingRoutes: readonly Route[] = [
	route('GET', open('metadata'), getRepository),
	route('GET pages', read('pages'), getPages),
	route('GET immutable-releases', read('administration'), getImmutable),
	route('PUT immutable-releases', write('administration'), setImmutable(true)),
	route('DELETE immutable-releases', write('administration'), setImmutable(false)),
	route('GET actions/permissions', read('administration'), getActions),
	route('GET actions/permissions/workflow', read('administration'), getWorkflowPermissions),
	route('PUT topics', write('administration'), setTopics),
	toRoute('GET user', { right: open('metadata'), answer: getUser }),
	toRoute('POST graphql', { right: open('metadata'), answer: answerGraphQl, isRead: true }),
	toRoute('GET installation/repositories', { right: open('metadata'), answer: getInstallation }),
	toRoute('GET rate_limit', { right: open('metadata'), answer: getRateLimit }),
	toRoute('GET users/{login}', {
		right: open('metadata'),
		answer: (call) => toJsonReply(200, toUser(call.params.login ?? '', call)),
	}),
];
