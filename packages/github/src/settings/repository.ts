import { record } from '@slipway/core';
import * as v from 'valibot';
import { pathOf } from '../rest/path.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { mapSetting, readSetting, type Setting } from './setting.ts';

const Repository = v.object({
	id: v.number(),
	full_name: v.string(),
	html_url: v.string(),
	private: v.boolean(),
	visibility: v.optional(v.string()),
	archived: v.optional(v.boolean(), false),
	fork: v.optional(v.boolean(), false),
	default_branch: v.string(),
	permissions: v.optional(record(v.string(), v.boolean())),
});

export interface RepositoryFacts {
	readonly id: number;
	/** `OWNER/NAME` as it is written there; another one than was asked for after a renaming. */
	readonly name: string;
	readonly url: string;
	readonly visibility: string;
	readonly archived: boolean;
	readonly fork: boolean;
	readonly defaultBranch: string;
	/** `admin`, `push`, … of the token's user, where the API says so. */
	readonly permissions: Readonly<Record<string, boolean>> | undefined;
}

const toFacts = (found: v.InferOutput<typeof Repository>): RepositoryFacts => ({
	id: found.id,
	name: found.full_name,
	url: found.html_url,
	visibility: found.visibility ?? (found.private ? 'private' : 'public'),
	archived: found.archived,
	fork: found.fork,
	defaultBranch: found.default_branch,
	permissions: found.permissions,
});

/** The call that asks for them. */
export const REPOSITORY_REQUEST = { path: '', schema: v.pipe(Repository, v.transform(toFacts)) };

export const readRepository = (rest: GitHubRest): Promise<Setting<RepositoryFacts>> =>
	readSetting(rest, REPOSITORY_REQUEST);

const Immutable = v.object({ enabled: v.boolean(), enforced_by_owner: v.optional(v.boolean(), false) });

/** Absent: not enabled. Reading it needs a right that a workflow's token cannot be given: then it is unreadable. */
export const readImmutableReleases = (
	rest: GitHubRest,
): Promise<Setting<{ readonly enabled: boolean; readonly enforced_by_owner: boolean }>> =>
	readSetting(rest, { path: 'immutable-releases', schema: Immutable });

const Pages = v.object({
	html_url: v.optional(v.string()),
	build_type: v.nullish(v.string()),
	source: v.nullish(v.object({ branch: v.string(), path: v.string() })),
	https_enforced: v.optional(v.boolean()),
});

export interface PagesFacts {
	readonly url: string | undefined;
	/** `legacy`: from a branch; `workflow`: by a workflow. */
	readonly build: string | undefined;
	readonly source: { readonly branch: string; readonly path: string } | undefined;
	readonly httpsEnforced: boolean | undefined;
}

export const readPagesSource = async (rest: GitHubRest): Promise<Setting<PagesFacts>> =>
	mapSetting(await readSetting(rest, { path: 'pages', schema: Pages }), (pages) => ({
		url: pages.html_url,
		build: pages.build_type ?? undefined,
		source: pages.source ?? undefined,
		httpsEnforced: pages.https_enforced,
	}));

const WorkflowPermissions = v.object({
	default_workflow_permissions: v.picklist(['read', 'write']),
	can_approve_pull_request_reviews: v.optional(v.boolean(), false),
});

/** What the token of a workflow without `permissions:` may do. */
export const readWorkflowPermissions = async (
	rest: GitHubRest,
): Promise<Setting<{ readonly default: 'read' | 'write'; readonly canApprove: boolean }>> =>
	mapSetting(
		await readSetting(rest, { path: 'actions/permissions/workflow', schema: WorkflowPermissions }),
		(found) => ({
			default: found.default_workflow_permissions,
			canApprove: found.can_approve_pull_request_reviews,
		}),
	);

const Runs = v.object({
	workflow_runs: v.array(
		v.object({
			id: v.number(),
			name: v.nullish(v.string()),
			path: v.optional(v.string(), ''),
			event: v.string(),
			status: v.nullish(v.string()),
			conclusion: v.nullish(v.string()),
			head_branch: v.nullish(v.string()),
			html_url: v.string(),
			created_at: v.string(),
		}),
	),
});

export interface RunFacts {
	readonly id: number;
	readonly name: string;
	/** Of the workflow's file. */
	readonly path: string;
	readonly event: string;
	/** `success`, `failure`, …; null while it runs. */
	readonly conclusion: string | null;
	readonly branch: string | null;
	readonly url: string;
	readonly createdAt: string;
}

/** The newest runs first, 20 at most; of one workflow file or of all. */
export const readLatestRuns = async (
	rest: GitHubRest,
	workflowFile?: string,
): Promise<Setting<readonly RunFacts[]>> => {
	const path = workflowFile === undefined ? 'actions/runs' : pathOf`actions/workflows/${workflowFile}/runs`;
	const setting = await readSetting(rest, { path: `${path}?per_page=20`, schema: Runs });
	return mapSetting(setting, ({ workflow_runs }) =>
		workflow_runs.map((run) => ({
			id: run.id,
			name: run.name ?? '',
			path: run.path,
			event: run.event,
			conclusion: run.conclusion ?? null,
			branch: run.head_branch ?? null,
			url: run.html_url,
			createdAt: run.created_at,
		})),
	);
};
