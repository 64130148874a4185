import { createHash } from 'node:crypto';
import type { GitBackend } from './git/backend.ts';
import { toNextNumber } from './routes/issues.ts';
import type { Environment, Issue, Repository, Ruleset, Run, RunArtifact } from './state/repository.ts';

/** A merged (or open) pull request of somebody. */
export interface NewPull {
	readonly title: string;
	readonly body?: string;
	readonly author?: string;
	readonly labels?: readonly string[];
	/** The commit on the base branch that brought it; undefined: still open. */
	readonly mergeCommit?: string;
	readonly commits?: readonly string[];
}

export interface NewCommit {
	readonly message: string;
	/** Default: the default branch. */
	readonly branch?: string;
	/** Default: a file of its own. */
	readonly path?: string;
	readonly content?: string | Uint8Array;
	readonly author?: { readonly name: string; readonly email: string };
}

/** What others do with a repository, past the API: people in a browser, other runs, time. */
export interface RepositoryControl {
	/** Everything as it is; changes take effect at once. */
	readonly state: Repository;
	readonly git: GitBackend;
	/** @returns the commit's id */
	commit(commit: NewCommit): Promise<string>;
	addPull(pull: NewPull): Issue;
	addEnvironment(environment: Pick<Environment, 'name'> & Partial<Environment>): void;
	addRuleset(ruleset: Partial<Ruleset> & Pick<Ruleset, 'target' | 'include' | 'rules'>): void;
	/** Classic protection of a branch. */
	protectBranch(branch: string, protection?: object): void;
	addRun(run?: Partial<Run>): Run;
	addArtifact(artifact: Pick<RunArtifact, 'name' | 'runId' | 'bytes'> & Partial<RunArtifact>): RunArtifact;
	/** Tampers with what an asset holds; what the API says of it stays. */
	tamperAsset(name: string, bytes: Uint8Array): void;
}

interface Means {
	readonly now: () => number;
	readonly nextId: () => number;
}

const toPull = (state: Repository, pull: NewPull, { now, nextId }: Means): Issue => {
	const isMerged = pull.mergeCommit !== undefined;
	const time = now();
	return {
		id: nextId(),
		number: toNextNumber(state),
		author: pull.author ?? 'ada',
		createdAt: time,
		updatedAt: time,
		closedAt: isMerged ? time : null,
		title: pull.title,
		body: pull.body ?? null,
		labels: [...(pull.labels ?? [])],
		assignees: [],
		state: isMerged ? 'closed' : 'open',
		stateReason: null,
		isLocked: false,
		pull: {
			head: 'topic',
			base: state.settings.defaultBranch,
			commits: pull.commits ?? [],
			mergedAt: isMerged ? time : null,
			mergeCommit: pull.mergeCommit ?? null,
		},
	};
};

const toEnvironment = (environment: Pick<Environment, 'name'>, { nextId }: Means): Environment => ({
	id: nextId(),
	waitTimer: 0,
	preventSelfReview: false,
	reviewers: [],
	branchPolicy: null,
	policies: [],
	canAdminsBypass: true,
	...environment,
});

const toRuleset = (ruleset: Parameters<RepositoryControl['addRuleset']>[0], { nextId }: Means): Ruleset => ({
	id: nextId(),
	name: 'protection',
	enforcement: 'active',
	exclude: [],
	bypass: [],
	...ruleset,
});

const toRun = (run: Partial<Run>, { now, nextId }: Means): Run => ({
	id: nextId(),
	name: 'release',
	event: 'push',
	headSha: '0'.repeat(40),
	headBranch: 'main',
	attempt: 1,
	createdAt: now(),
	status: 'completed',
	conclusion: 'success',
	...run,
});

const toArtifact = (
	artifact: Parameters<RepositoryControl['addArtifact']>[0],
	{ now, nextId }: Means,
): RunArtifact => ({
	id: nextId(),
	mediaType: 'application/zip',
	createdAt: now(),
	digest: `sha256:${createHash('sha256').update(artifact.bytes).digest('hex')}`,
	isExpired: false,
	...artifact,
});

const keep = <Item>(list: Item[], item: Item): Item => {
	list.push(item);
	return item;
};

const AUTHOR = { name: 'Ada', email: 'ada@example.org' };

export const toRepositoryControl = (
	{ repository: state, git }: { readonly repository: Repository; readonly git: GitBackend },
	means: Means,
): RepositoryControl => ({
	state,
	git,
	commit: ({ message, branch = state.settings.defaultBranch, path, content = '', author = AUTHOR }) =>
		git.write({
			message,
			branch,
			author,
			path: path ?? `file-${means.nextId()}`,
			bytes: Buffer.from(content),
		}),
	addPull: (pull) => keep(state.issues, toPull(state, pull, means)),
	addEnvironment: (environment) => void state.environments.push(toEnvironment(environment, means)),
	addRuleset: (ruleset) => void state.rulesets.push(toRuleset(ruleset, means)),
	protectBranch: (branch, protection = {}) => void state.protections.set(branch, protection),
	addRun: (run = {}) => keep(state.runs, toRun(run, means)),
	addArtifact: (artifact) => keep(state.artifacts, toArtifact(artifact, means)),
	tamperAsset: (name, bytes) => {
		const asset = state.releases.flatMap(({ assets }) => assets).find((each) => each.name === name);
		if (!asset) throw new Error(`no asset ${name}`);
		asset.bytes = bytes;
	},
});
