import { trimEndOf } from '@slipway/core';
import { toSignError } from '../code.ts';
import type { Claims } from '../identity/id-token.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A run of a GitHub workflow, as the platform describes it; nothing of it comes from the project that is built. */
export interface GithubPlatform {
	readonly kind: 'github';
	/** For example `https://github.com`. */
	readonly server: string;
	/** `owner/name`. */
	readonly repository: string;
	readonly repositoryId: string;
	readonly ownerId: string;
	/** Of the workflow that was started: `owner/name/.github/workflows/release.yml@refs/tags/v1.0.0`. */
	readonly workflowRef: string;
	/** Of the workflow whose job signs, a reusable one where there is one; undefined: no token said it. */
	readonly jobWorkflowRef: string | undefined;
	readonly ref: string;
	readonly commit: string;
	readonly event: string;
	readonly runId: string;
	readonly runAttempt: string;
	/** github-hosted or self-hosted. */
	readonly runnerEnvironment: string;
}

/** Where a build ran: on a platform that vouches for it, or on a machine that vouches for nothing. */
export type Platform = GithubPlatform | { readonly kind: 'local' };

const incomplete = (where: string, names: readonly string[]): Error =>
	toSignError(
		'SIGN_PLATFORM_INCOMPLETE',
		`expected ${where} to describe the run, but it lacks ${names.join(', ')}`,
		{
			hint: 'Sign in a job of a GitHub workflow with `id-token: write`; provenance is made from nothing else.',
		},
	);

/** @throws SlipwayError SIGN_PLATFORM_INCOMPLETE */
const requireAll = <Name extends string>(
	facts: Readonly<Record<Name, string | undefined>>,
	where: string,
): Record<Name, string> => {
	const missing = Object.entries(facts).flatMap(([name, value]) => (value ? [] : [name]));
	if (missing.length > 0) throw incomplete(where, missing);
	return facts as Record<Name, string>;
};

/** From the claims of the job's token: signed by the platform. */
const fromClaims = (claims: Claims, server: string): GithubPlatform => {
	const { job_workflow_ref: jobWorkflowRef, ...all } = claims;
	const facts = requireAll(
		{
			repository: all.repository,
			repository_id: all.repository_id,
			repository_owner_id: all.repository_owner_id,
			workflow_ref: all.workflow_ref,
			ref: all.ref,
			sha: all.sha,
			event_name: all.event_name,
			run_id: all.run_id,
			run_attempt: all.run_attempt,
			runner_environment: all.runner_environment,
		},
		'the identity token',
	);
	return {
		kind: 'github',
		server,
		repository: facts.repository,
		repositoryId: facts.repository_id,
		ownerId: facts.repository_owner_id,
		workflowRef: facts.workflow_ref,
		jobWorkflowRef,
		ref: facts.ref,
		commit: facts.sha,
		event: facts.event_name,
		runId: facts.run_id,
		runAttempt: facts.run_attempt,
		runnerEnvironment: facts.runner_environment,
	};
};

/** From what the runner tells the job, in a job that runs no code of the project. */
const fromRunner = (environment: Environment, server: string): GithubPlatform => {
	const facts = requireAll(
		{
			GITHUB_REPOSITORY: environment.GITHUB_REPOSITORY,
			GITHUB_REPOSITORY_ID: environment.GITHUB_REPOSITORY_ID,
			GITHUB_REPOSITORY_OWNER_ID: environment.GITHUB_REPOSITORY_OWNER_ID,
			GITHUB_WORKFLOW_REF: environment.GITHUB_WORKFLOW_REF,
			GITHUB_REF: environment.GITHUB_REF,
			GITHUB_SHA: environment.GITHUB_SHA,
			GITHUB_EVENT_NAME: environment.GITHUB_EVENT_NAME,
			GITHUB_RUN_ID: environment.GITHUB_RUN_ID,
			GITHUB_RUN_ATTEMPT: environment.GITHUB_RUN_ATTEMPT,
			RUNNER_ENVIRONMENT: environment.RUNNER_ENVIRONMENT,
		},
		'the runner',
	);
	return {
		kind: 'github',
		server,
		repository: facts.GITHUB_REPOSITORY,
		repositoryId: facts.GITHUB_REPOSITORY_ID,
		ownerId: facts.GITHUB_REPOSITORY_OWNER_ID,
		workflowRef: facts.GITHUB_WORKFLOW_REF,
		jobWorkflowRef: undefined,
		ref: facts.GITHUB_REF,
		commit: facts.GITHUB_SHA,
		event: facts.GITHUB_EVENT_NAME,
		runId: facts.GITHUB_RUN_ID,
		runAttempt: facts.GITHUB_RUN_ATTEMPT,
		runnerEnvironment: facts.RUNNER_ENVIRONMENT,
	};
};

/**
 * The platform of this run: by the claims of its identity token where there is one, else by what the runner says, else
 * none.
 * @throws SlipwayError SIGN_PLATFORM_INCOMPLETE
 */
export const toPlatform = (claims: Claims | undefined, environment: Environment): Platform => {
	const server = trimEndOf(environment.GITHUB_SERVER_URL || 'https://github.com', '/');
	if (claims?.job_workflow_ref ?? claims?.workflow_ref) return fromClaims(claims as Claims, server);
	return environment.GITHUB_ACTIONS === 'true' ? fromRunner(environment, server) : { kind: 'local' };
};
