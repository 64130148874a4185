import { PUBLISHER_CONTRACT, type Publisher, SlipwayError } from '@slipway/core';
import type { ReleaseCode } from './code.ts';

/**
 * A publisher of another contract has other verbs, or means something else by them.
 * @throws SlipwayError PUBLISHER_CONTRACT_UNKNOWN
 */
export const checkContract = ({ id, contract }: Pick<Publisher, 'id' | 'contract'>): void => {
	if (contract === PUBLISHER_CONTRACT) return;
	throw new SlipwayError<ReleaseCode>(
		'PUBLISHER_CONTRACT_UNKNOWN',
		`expected publisher contract ${PUBLISHER_CONTRACT}, got ${contract} from target "${id}"`,
		{
			hint: `Use a publisher for contract ${PUBLISHER_CONTRACT}.`,
		},
	);
};
