import { readRelease } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { Place, Runner } from '@slipway/runner';

export type SignActionCode = 'SIGN_NOT_CONFIGURED';

/**
 * Signs the Release of a place: a step that would sign nothing fails.
 * @param attest stores the provenance at the repository too
 */
export const signRelease = async (place: Place, attest: boolean, { context }: Runner) => {
	const { openProject, signProject, storeProvenance } = await import('slipway/join');
	const project = await openProject(place);
	const release = await readRelease(project.releaseFolder);
	const signing = await signProject(project, release, context);
	if (!signing)
		throw new SlipwayError<SignActionCode>(
			'SIGN_NOT_CONFIGURED',
			'expected `sign:` in slipway.yml, got none: nothing was signed',
			{ hint: 'Add `sign: {}` to slipway.yml for keyless signing, or leave this step out.' },
		);
	if (attest) await storeProvenance(project, release, context);
	const bundles = [...signing.signed, ...signing.kept];
	return {
		version: project.version,
		release: project.releaseFolder,
		signer: bundles[0]?.signer,
		bundles: String(bundles.length),
	};
};
