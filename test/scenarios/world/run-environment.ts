import type { RunClaims } from './identity.ts';

/** What starts a run. */
export interface Trigger {
	/** The caller's path in the repository. */
	readonly workflow: string;
	readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | 'schedule';
	/** For example `refs/tags/v1.0.0`. */
	readonly ref: string;
	readonly inputs?: Readonly<Record<string, string>> | undefined;
	/** Code of somebody without rights: no secrets, no ID tokens, and tokens that only read. */
	readonly isFork?: boolean | undefined;
	/** More of the event, such as its `pull_request`. */
	readonly payload?: object | undefined;
}

/** Which run this is, and of what. */
export interface RunFacts {
	readonly repository: string;
	readonly commit: string;
	readonly id: number;
	readonly attempt: number;
	readonly trigger: Trigger;
}

const OWNER_ID = '1002';
export const REPOSITORY_ID = '1001';

const toOwner = (repository: string): string => repository.split('/')[0] ?? '';

export const toWorkflowRef = ({ repository, trigger: { workflow, ref } }: RunFacts): string =>
	`${repository}/${workflow}@${ref}`;

/** What each step finds in its environment besides what act sets: the variables that act leaves empty. */
export const toRunVariables = (facts: RunFacts): Record<string, string> => ({
	GITHUB_REPOSITORY: facts.repository,
	GITHUB_REPOSITORY_OWNER: toOwner(facts.repository),
	GITHUB_REPOSITORY_ID: REPOSITORY_ID,
	GITHUB_REPOSITORY_OWNER_ID: OWNER_ID,
	GITHUB_REF: facts.trigger.ref,
	GITHUB_REF_PROTECTED: 'true',
	// act's own name of what it makes GITHUB_SHA of.
	SHA_REF: facts.commit,
	GITHUB_WORKFLOW_REF: toWorkflowRef(facts),
	GITHUB_WORKFLOW_SHA: facts.commit,
	GITHUB_RUN_ID: String(facts.id),
	GITHUB_RUN_NUMBER: String(facts.id - 1000),
	GITHUB_RUN_ATTEMPT: String(facts.attempt),
	GITHUB_TRIGGERING_ACTOR: 'ada',
	RUNNER_ENVIRONMENT: 'github-hosted',
});

/** What the ID tokens of the run say, whichever job asks. */
export const toRunClaims = (facts: RunFacts): RunClaims => ({
	repository: facts.repository,
	repository_id: REPOSITORY_ID,
	repository_owner: toOwner(facts.repository),
	repository_owner_id: OWNER_ID,
	ref: facts.trigger.ref,
	ref_type: facts.trigger.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
	sha: facts.commit,
	event_name: facts.trigger.event,
	workflow_ref: toWorkflowRef(facts),
	workflow_sha: facts.commit,
	run_id: String(facts.id),
	run_number: String(facts.id - 1000),
	run_attempt: String(facts.attempt),
	actor: 'ada',
});

/** The event as a webhook would describe it. */
export const toPayload = ({ repository, commit, trigger }: RunFacts): object => ({
	ref: trigger.ref,
	...(trigger.event === 'push' && { after: commit, created: true }),
	...(trigger.inputs && { inputs: trigger.inputs }),
	repository: {
		id: Number(REPOSITORY_ID),
		full_name: repository,
		name: repository.split('/')[1],
		owner: { login: toOwner(repository) },
		default_branch: 'main',
		private: false,
	},
	sender: { login: 'ada' },
	...trigger.payload,
});
