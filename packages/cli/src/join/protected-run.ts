import { type Finding, SlipwayError, toPrintable } from '@slipway/core';
import type { OpenedPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

export type ProtectedRunCode =
	/** The policy demands a protected ref, and GitHub says that the one of this run is not. */
	'REF_UNPROTECTED';

/** Whether the policy lets a run of this ref release: `protected: required` asks for one that not everybody may move. */
export const checkRunRef = ({ door }: OpenProject, policy: OpenedPolicy | undefined): readonly Finding[] => {
	const { GITHUB_REF: ref, GITHUB_REF_PROTECTED: isProtected } = door.environment;
	if (policy?.policy.protected !== 'required' || isProtected !== 'false') return [];
	return [
		{
			severity: 'error',
			code: 'REF_UNPROTECTED' satisfies ProtectedRunCode,
			message: `the policy demands a protected ref, but ${toPrintable(ref ?? 'the ref of this run', 200)} is not protected`,
			hint: 'Add a ruleset that restricts who may create, move and delete it, then start the run again.',
		},
	];
};

/** @throws SlipwayError REF_UNPROTECTED */
export const verifyRunRef = (project: OpenProject, policy: OpenedPolicy | undefined): void => {
	const [finding] = checkRunRef(project, policy);
	if (finding) throw new SlipwayError(finding.code, finding.message, { hint: finding.hint });
};
