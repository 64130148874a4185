/** Why published keys cannot be used or compared. */
export type KeysCode =
	/** The place cannot be read: no file, no answer, too large. */
	| 'KEYS_UNREADABLE'
	/** What lies there is no list of keys, no key, or not the key that its list names. */
	| 'KEYS_INVALID';
