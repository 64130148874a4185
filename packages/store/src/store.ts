/** A stored file: its bytes and the store's own opaque mark of exactly these bytes (for compare-and-set). */
export interface StoredFile {
	readonly bytes: Uint8Array;
	readonly version: string;
}

/**
 * One change.
 * - create: the path must be absent, or hold the same bytes already.
 * - replace: compare-and-set; `version` as read before, null: the path must be absent (the same bytes are a conflict too).
 * - put: whatever lies there is replaced (derived files that nobody compares).
 * - remove: absent already is fine.
 */
export type Change =
	| { readonly kind: 'create'; readonly path: string; readonly bytes: Uint8Array }
	| {
			readonly kind: 'replace';
			readonly path: string;
			readonly bytes: Uint8Array;
			readonly version: string | null;
	  }
	| { readonly kind: 'put'; readonly path: string; readonly bytes: Uint8Array }
	| { readonly kind: 'remove'; readonly path: string };

/** `conflict`: another writer was first at `path` (other bytes for create, another version for replace); start again from reading. */
export type WriteOutcome =
	| { readonly outcome: 'written' }
	| { readonly outcome: 'conflict'; readonly path: string };

/** What the host of a store takes, in bytes. */
export interface StoreLimits {
	/** Of people known as: `GitHub`. */
	readonly host: string;
	/** A larger file is refused. */
	readonly fileBytes: number;
	/** A larger file is taken, and complained about. */
	readonly advisedFileBytes: number;
	/** All files of one write; more is refused. */
	readonly writeBytes: number;
	/** All files together, where the host serves them as a site. */
	readonly siteBytes: number;
	/** Where the host says so. */
	readonly document: string;
}

/** Awaited right before each mutating request or system call; when it throws, nothing more is written. */
export type WriteGuard = () => Promise<void>;

/**
 * Where a static repository or a journal lives: directory, git branch, S3-like. Paths are relative, `/`-separated.
 * What a verb reports as done survives a crash of process and machine.
 */
export interface Store {
	/** For people, without credentials. */
	readonly description: string;
	/**
	 * null: no file lies there (a folder is no file).
	 * @throws SlipwayError STORE_PATH_INVALID, STORE_UNREADABLE
	 */
	read(path: string): Promise<StoredFile | null>;
	/**
	 * Paths of all files below the prefix (a folder; '' for the whole store), sorted by code units.
	 * Files still being written are never listed.
	 * @throws SlipwayError STORE_PATH_INVALID, STORE_UNREADABLE
	 */
	list(prefix: string): Promise<readonly string[]>;
	/**
	 * The files below a folder whose paths are wanted, by path in the order of `list`, all as of one moment. Only where that
	 * is one question to a server instead of many; else: list, then read.
	 * @throws SlipwayError STORE_PATH_INVALID, STORE_UNREADABLE
	 */
	readAll?(prefix: string, isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, StoredFile>>;
	/**
	 * Applies changes in order and stops at the first conflict; each path at most once. A store with commits (git) makes
	 * them visible all at once; others one by one, in order: the last change is the switch, is made only after all before
	 * it are durable, and earlier ones must be harmless alone. After a conflict some of the changes before it may be there;
	 * and, where a store makes neighbours of one kind at the same time (S3), some of these neighbours.
	 * What `guard` throws is thrown on as it is; all else is
	 * @throws SlipwayError STORE_*
	 */
	write(changes: readonly Change[], guard?: WriteGuard): Promise<WriteOutcome>;
	/**
	 * What its host takes, where it has known limits; `write` keeps to them: STORE_TOO_LARGE before anything is written.
	 * @throws SlipwayError STORE_NOT_FOUND
	 */
	limits?(): Promise<StoreLimits | undefined>;
	/**
	 * Only where comparing is a server's to do: shows by a file of its own, which no list names, that it is done.
	 * @throws SlipwayError STORE_CONDITIONS_IGNORED with the server's name, STORE_*
	 */
	verifyConditions?(): Promise<void>;
}

/**
 * BUSY: another writer holds the store longer than this one would wait. CONDITIONS_IGNORED: a server that writes without the
 * comparison it was asked for. Of a remote: FORBIDDEN: no rights, NOT_FOUND: no
 * such repository, PROTECTED: its rules refuse the change, UNREACHABLE: no answer; whether a write arrived is unknown then.
 * TOO_LARGE: the host takes no file, or no write, of this size.
 */
export type StoreCode =
	| 'STORE_PATH_INVALID'
	| 'STORE_UNREADABLE'
	| 'STORE_WRITE_FAILED'
	| 'STORE_READ_ONLY'
	| 'STORE_BUSY'
	| 'STORE_FORBIDDEN'
	| 'STORE_NOT_FOUND'
	| 'STORE_PROTECTED'
	| 'STORE_TOO_LARGE'
	| 'STORE_UNREACHABLE'
	| 'STORE_CONDITIONS_IGNORED';
