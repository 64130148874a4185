import type { Release } from './release.ts';

export interface Label {
	readonly id: number;
	readonly name: string;
	readonly color: string;
	readonly description: string | null;
}

export interface IssueComment {
	readonly id: number;
	readonly issue: number;
	readonly author: string;
	readonly createdAt: number;
	updatedAt: number;
	body: string;
}

/** An issue, or a pull request where `pull` says what it merges. */
export interface Issue {
	readonly id: number;
	readonly number: number;
	readonly author: string;
	readonly createdAt: number;
	readonly pull: PullRequest | undefined;
	updatedAt: number;
	closedAt: number | null;
	title: string;
	body: string | null;
	labels: string[];
	assignees: string[];
	state: 'open' | 'closed';
	stateReason: string | null;
	isLocked: boolean;
}

export interface PullRequest {
	readonly head: string;
	readonly base: string;
	/** Commits that lead back to it. */
	readonly commits: readonly string[];
	readonly mergedAt: number | null;
	readonly mergeCommit: string | null;
}

export interface Environment {
	readonly id: number;
	readonly name: string;
	/** 0: none. Minutes. */
	readonly waitTimer: number;
	readonly preventSelfReview: boolean;
	readonly reviewers: readonly { readonly type: 'User' | 'Team'; readonly login: string }[];
	/** null: every branch and tag. */
	readonly branchPolicy: 'protected' | 'custom' | null;
	readonly policies: readonly {
		readonly id: number;
		readonly name: string;
		readonly type: 'branch' | 'tag';
	}[];
	readonly canAdminsBypass: boolean;
}

export interface Ruleset {
	readonly id: number;
	readonly name: string;
	readonly target: 'branch' | 'tag';
	readonly enforcement: 'active' | 'evaluate' | 'disabled';
	/** Patterns of refs, with `~ALL` and `~DEFAULT_BRANCH`. */
	readonly include: readonly string[];
	readonly exclude: readonly string[];
	readonly rules: readonly { readonly type: string; readonly parameters?: object }[];
	/** Accounts that it does not bind. */
	readonly bypass: readonly string[];
}

export interface RunArtifact {
	readonly id: number;
	readonly name: string;
	readonly runId: number;
	/** `application/zip`, or the type of one raw file. */
	readonly mediaType: string;
	readonly createdAt: number;
	readonly bytes: Uint8Array;
	/** `sha256:` and hexadecimal digits. */
	readonly digest: string;
	isExpired: boolean;
}

export interface Run {
	readonly id: number;
	readonly name: string;
	readonly event: string;
	readonly headSha: string;
	readonly headBranch: string;
	readonly attempt: number;
	readonly createdAt: number;
	status: 'queued' | 'in_progress' | 'completed' | 'waiting';
	conclusion: string | null;
}

/** Something that was started by a call: a workflow, or an event that workflows listen to. */
export interface Dispatch {
	/** File name or id of the workflow; undefined: `repository_dispatch`. */
	readonly workflow: string | undefined;
	readonly ref: string | undefined;
	readonly eventType: string | undefined;
	readonly payload: Readonly<Record<string, unknown>>;
}

export interface StoredAttestation {
	readonly id: number;
	/** `sha256:` and hexadecimal digits. */
	readonly digests: readonly string[];
	readonly predicateType: string;
	readonly bundle: object;
}

export interface Settings {
	isPrivate: boolean;
	defaultBranch: string;
	description: string | null;
	immutableReleases: boolean;
	hasIssues: boolean;
	/** null: no site. */
	pages: { readonly branch: string; readonly path: string; readonly type: 'legacy' | 'workflow' } | null;
	/** The site of an organisation demands it. */
	shaPinning: boolean;
	defaultPermissions: 'read' | 'write';
}

/** Everything the server knows of one repository besides its git objects. Only data, so that it can be copied. */
export interface Repository {
	readonly id: number;
	readonly owner: string;
	readonly name: string;
	readonly settings: Settings;
	readonly releases: Release[];
	/** Id of the release that somebody made the latest. */
	latest: number | undefined;
	/** Tags of immutable releases: burnt, whatever becomes of the release. */
	readonly burntTags: Set<string>;
	readonly issues: Issue[];
	readonly comments: IssueComment[];
	readonly labels: Label[];
	readonly environments: Environment[];
	readonly rulesets: Ruleset[];
	/** Branch name to its classic protection. */
	readonly protections: Map<string, object>;
	readonly runs: Run[];
	readonly artifacts: RunArtifact[];
	readonly dispatches: Dispatch[];
	readonly attestations: StoredAttestation[];
}

export const toFullName = ({ owner, name }: Pick<Repository, 'owner' | 'name'>): string => `${owner}/${name}`;

export const toRepository = (id: number, fullName: string, settings: Partial<Settings>): Repository => {
	const [owner = '', name = ''] = fullName.split('/');
	return {
		id,
		owner,
		name,
		settings: {
			isPrivate: false,
			defaultBranch: 'main',
			description: null,
			immutableReleases: false,
			hasIssues: true,
			pages: null,
			shaPinning: false,
			defaultPermissions: 'read',
			...settings,
		},
		releases: [],
		latest: undefined,
		burntTags: new Set(),
		issues: [],
		comments: [],
		labels: [],
		environments: [],
		rulesets: [],
		protections: new Map(),
		runs: [],
		artifacts: [],
		dispatches: [],
		attestations: [],
	};
};
