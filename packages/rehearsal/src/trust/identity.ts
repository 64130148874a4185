import type { Claims } from '../sigstore/index.ts';

/** Whose release it is, as far as a certificate says it. */
export interface Origin {
	/** `owner/name` at GitHub. */
	readonly repository: string;
	readonly version: string;
	readonly commit: string;
}

const SERVER = 'https://github.com';

const toReference = ({ repository, version }: Origin): string =>
	`${repository}/.github/workflows/release.yml@refs/tags/v${version}`;

/** The name on the certificates: the workflow file that a release by tag runs, with its ref. */
export const toIdentity = (origin: Origin): string => `${SERVER}/${toReference(origin)}`;

const HOUR = 3600;

/** What GitHub's issuer says of the run that a pushed tag starts; good for hours, as a rehearsal has no issuer to go back to. */
export const toClaims = (origin: Origin, now: number): Claims => {
	const { repository, version, commit } = origin;
	const [owner = ''] = repository.split('/');
	const ref = `refs/tags/v${version}`;
	return {
		sub: `repo:${repository}:ref:${ref}`,
		repository,
		repository_owner: owner,
		ref,
		sha: commit,
		workflow_ref: toReference(origin),
		workflow_sha: commit,
		job_workflow_ref: toReference(origin),
		job_workflow_sha: commit,
		exp: Math.floor(now / 1000) + 12 * HOUR,
	};
};
