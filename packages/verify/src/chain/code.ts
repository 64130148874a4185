/** Why a Release as a whole was refused. Every message names the link: the file of the Release that is wrong or missing. */
export type ChainCode =
	/** A file, record, attestation or stage that must be there is not. */
	| 'VERIFY_CHAIN_MISSING'
	/** A file holds other bytes than what signs or names it says. */
	| 'VERIFY_CHAIN_CHANGED'
	/** A file that belongs to nothing. */
	| 'VERIFY_CHAIN_UNKNOWN'
	/** A record that nobody signed. */
	| 'VERIFY_CHAIN_UNSIGNED'
	/** An attestation that fails, or that somebody else signed. */
	| 'VERIFY_CHAIN_REFUSED'
	/** Two links that disagree: what one gave out is not what the next took in. */
	| 'VERIFY_CHAIN_MISMATCH'
	/** Times that cannot be. */
	| 'VERIFY_CHAIN_TIME';
