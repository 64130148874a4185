import { resolve } from 'node:path';
import type { StoreLocation } from '@slipway/core/config';
import { toPublicAddress } from '@slipway/process';
import { findRemote } from './clone-remote.ts';
import type { BranchOptions } from './open-branch.ts';

/** The branch that slipway.yml names; relative paths are relative to the folder where it lies. Nothing is asked yet. */
export const toBranch = (
	{ branch, remote }: Extract<StoreLocation, { branch: string }>,
	baseFolder: string,
	environment: BranchOptions['environment'],
): BranchOptions => ({
	remote: () => findRemote({ remote, baseFolder: resolve(baseFolder), environment }),
	remoteName: toPublicAddress(remote ?? 'origin'),
	branch,
	environment,
});
