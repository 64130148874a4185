import { SlipwayError } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import { openAptParts } from './apt-parts.ts';
import type { JoinCode, OpenProject } from './project.ts';

/** The apt target that a command works on: the one named, or the only one. @throws SlipwayError TARGET_UNKNOWN */
export const findAptTarget = ({ config }: OpenProject, id: string | undefined): AptTarget => {
	const targets = Object.entries(config.targets).filter(
		([name, { type }]) => type === 'apt' && (id === undefined || name === id),
	);
	const [first, second] = targets;
	if (first?.[1].type === 'apt' && !second) return first[1];
	const known = Object.keys(config.targets).join(', ') || 'none';
	throw new SlipwayError<JoinCode>(
		'TARGET_UNKNOWN',
		`expected one apt target, got ${targets.length} (targets: ${known})`,
		{
			hint: second
				? 'Name one with --target.'
				: 'Add a target with `type: apt` to slipway.yml, or correct --target.',
		},
	);
};

/** The repository of a target with its store and keys opened. */
export const openRepository = async (project: OpenProject, target: AptTarget) => {
	const { toRepository } = await import('@slipway/deb/repository');
	return toRepository({ target, ...(await openAptParts(project, target)) });
};

/**
 * The public keys that users must trust: the signing key's, then those of rotation.
 * @throws SlipwayError SIGNING_KEY_MISSING
 */
export const readPublicKeys = async (project: OpenProject, target: AptTarget): Promise<string[]> => {
	const { signingKey, trustedKeys } = await openAptParts(project, target);
	if (signingKey) return [signingKey.publicKey, ...trustedKeys];
	throw new SlipwayError<JoinCode>(
		'SIGNING_KEY_MISSING',
		'expected the signing key of the repository, got none',
		{
			hint: 'Set the variable or the file that `signing-key` of the target names.',
		},
	);
};
