import { readRelease } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { Place, Runner } from '@slipway/runner';

export type SignActionCode = 'SIGN_NOT_CONFIGURED';

/** Signs the Release of a place: a step that would sign nothing fails. */
export const signRelease = async (place: Place, { context }: Runner) => {
	const { openProject, signProject } = await import('slipway/join');
	const project = await openProject(place);
	const signing = await signProject(project, await readRelease(project.releaseFolder), context);
	if (!signing)
		throw new SlipwayError<SignActionCode>(
			'SIGN_NOT_CONFIGURED',
			'expected `sign:` in slipway.yml, got none: nothing was signed',
			{ hint: 'Add `sign: {}` to slipway.yml for keyless signing, or leave this step out.' },
		);
	const bundles = [...signing.signed, ...signing.kept];
	return {
		version: project.version,
		release: project.releaseFolder,
		signer: bundles[0]?.signer,
		bundles: String(bundles.length),
	};
};
