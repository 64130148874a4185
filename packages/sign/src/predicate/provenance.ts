import type { Manifest } from '@slipway/core';
import type { GithubPlatform, Platform } from './platform.ts';

/** SLSA provenance v1 (slsa.dev/spec/v1.1/provenance), the part of it that is filled here. */
export interface Provenance {
	readonly buildDefinition: {
		readonly buildType: string;
		readonly externalParameters: object;
		readonly internalParameters?: object;
		readonly resolvedDependencies: readonly {
			readonly uri: string;
			readonly digest: { readonly gitCommit: string };
		}[];
	};
	readonly runDetails: {
		readonly builder: { readonly id: string };
		readonly metadata?: { readonly invocationId: string };
	};
}

/** A run of a GitHub workflow, with what the token says of the runner (github.com/actions/buildtypes). */
export const GITHUB_BUILD_TYPE = 'https://actions.github.io/buildtypes/workflow/v1';
/** The same as npm's registry knows it (libnpmpublish 12, lib/provenance.js). */
export const NPM_BUILD_TYPE = 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1';
/** A build that no platform vouches for. */
export const LOCAL_BUILD_TYPE = 'urn:slipway:build:local:v1';
export const LOCAL_BUILDER_ID = 'urn:slipway:builder:local';

/** `owner/name/.github/workflows/release.yml@ref` into path and ref; a ref may hold an `@` itself. */
const toWorkflow = ({ workflowRef, repository, server }: GithubPlatform): object => {
	const relative = workflowRef.startsWith(`${repository}/`)
		? workflowRef.slice(repository.length + 1)
		: workflowRef;
	const at = relative.indexOf('@');
	const [path, ref] = at < 0 ? [relative, ''] : [relative.slice(0, at), relative.slice(at + 1)];
	return { ref, repository: `${server}/${repository}`, path };
};

const toGithub = (
	platform: GithubPlatform,
	{
		buildType,
		builder,
		more,
	}: { readonly buildType: string; readonly builder: string; readonly more: object },
): Provenance => {
	const { server, repository, ref, commit, runId, runAttempt } = platform;
	return {
		buildDefinition: {
			buildType,
			externalParameters: { workflow: toWorkflow(platform) },
			internalParameters: {
				github: {
					event_name: platform.event,
					repository_id: platform.repositoryId,
					repository_owner_id: platform.ownerId,
					...more,
				},
			},
			resolvedDependencies: [{ uri: `git+${server}/${repository}@${ref}`, digest: { gitCommit: commit } }],
		},
		runDetails: {
			builder: { id: builder },
			metadata: { invocationId: `${server}/${repository}/actions/runs/${runId}/attempts/${runAttempt}` },
		},
	};
};

/** The hosted or self-hosted runner: what is known of the builder where no token names its workflow. */
const toRunnerId = ({ runnerEnvironment }: GithubPlatform): string =>
	`https://github.com/actions/runner/${runnerEnvironment}`;

/** What a machine that nobody vouches for can say: what it was told to build. No SLSA level follows from it. */
const toLocal = ({ project, version, source }: Manifest): Provenance => ({
	buildDefinition: {
		buildType: LOCAL_BUILD_TYPE,
		externalParameters: { project, version },
		resolvedDependencies:
			source.commit === null
				? []
				: [
						{
							uri:
								source.repo === null
									? 'git+file:.'
									: `git+${source.repo}${source.ref ? `@${source.ref}` : ''}`,
							digest: { gitCommit: source.commit },
						},
					],
	},
	runDetails: { builder: { id: LOCAL_BUILDER_ID } },
});

/**
 * The provenance of all artifacts of a Release. On GitHub the builder is the workflow whose job signs, and every field is
 * the platform's; elsewhere the builder is a local one.
 */
export const toProvenance = (platform: Platform, manifest: Manifest): Provenance => {
	if (platform.kind === 'local') return toLocal(manifest);
	const { server, jobWorkflowRef, runnerEnvironment } = platform;
	return toGithub(platform, {
		buildType: GITHUB_BUILD_TYPE,
		builder: jobWorkflowRef === undefined ? toRunnerId(platform) : `${server}/${jobWorkflowRef}`,
		more: { runner_environment: runnerEnvironment },
	});
};

/**
 * The provenance of one npm package as npm's registry accepts it: its build type, and the runner as builder, never a
 * reusable workflow.
 */
export const toNpmProvenance = (platform: GithubPlatform): Provenance =>
	toGithub(platform, { buildType: NPM_BUILD_TYPE, builder: toRunnerId(platform), more: {} });
