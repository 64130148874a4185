import type { Repository } from '../repository/repository.ts';
import type { AptPublisherOptions } from './options.ts';
import type { ServedFiles } from './served-files.ts';

/** The repository that a target of slipway.yml describes. */
export const toRepository = (
	{
		target,
		store,
		signingKey,
		trustedKeys,
	}: Pick<AptPublisherOptions, 'target' | 'store' | 'signingKey' | 'trustedKeys'>,
	served?: ServedFiles,
): Repository => ({
	store,
	origin: target.origin,
	label: target.label ?? target.origin,
	description: target.description,
	architectures: target.architectures.filter((name) => name !== 'all'),
	signingKey,
	trustedKeys,
	validDays: target['valid-days'],
	serverClock: served?.clock,
});
