export interface Ref {
	/** `refs/heads/main`. */
	readonly ref: string;
	/** Of the object it names: a commit, or a tag object. */
	readonly sha: string;
	readonly type: 'commit' | 'tag';
}

export interface Person {
	readonly name: string;
	readonly email: string;
	/** RFC 3339. */
	readonly date: string;
}

export interface Commit {
	readonly sha: string;
	readonly tree: string;
	readonly parents: readonly string[];
	readonly message: string;
	readonly author: Person;
	readonly committer: Person;
}

export interface TagObject {
	readonly sha: string;
	readonly tag: string;
	readonly message: string;
	readonly object: string;
	readonly tagger: Person | undefined;
}

/** One file or folder in a commit. */
export interface Entry {
	readonly path: string;
	readonly type: 'file' | 'dir';
	readonly sha: string;
	/** Bytes; 0 for a folder. */
	readonly size: number;
}

export interface Change {
	readonly branch: string;
	readonly path: string;
	/** undefined: the file goes. */
	readonly bytes: Uint8Array | undefined;
	readonly message: string;
	readonly author: Pick<Person, 'name' | 'email'>;
}

/** The git objects of one repository. Names are full refs, short names of branches and tags, or ids. */
export interface GitBackend {
	/** The bare repository; undefined: there is none. */
	readonly folder: string | undefined;
	/** All refs that begin so, sorted. */
	refs(prefix: string): Promise<readonly Ref[]>;
	/** Id of the commit that a name means; undefined: no such. */
	resolve(name: string): Promise<string | undefined>;
	hasObject(sha: string): Promise<boolean>;
	/** False: the ref exists already (`old` undefined), or is not `old` any more. */
	setRef(ref: string, sha: string, old?: string): Promise<boolean>;
	deleteRef(ref: string): Promise<void>;
	commit(sha: string): Promise<Commit | undefined>;
	/** Newest first: those that lead to `head` and not to `base`; with `path` those that touch it. */
	log(
		head: string,
		more: { readonly base?: string; readonly path?: string; readonly limit: number },
	): Promise<readonly Commit[]>;
	isAncestor(older: string, newer: string): Promise<boolean>;
	mergeBase(a: string, b: string): Promise<string | undefined>;
	/** Names of the files that differ, each with a letter of `git diff --name-status`. */
	diff(base: string, head: string): Promise<readonly { readonly path: string; readonly status: string }[]>;
	entry(commit: string, path: string): Promise<Entry | undefined>;
	list(commit: string, path: string): Promise<readonly Entry[]>;
	blob(sha: string): Promise<Uint8Array | undefined>;
	tagObject(sha: string): Promise<TagObject | undefined>;
	makeTag(tag: Omit<TagObject, 'sha'>): Promise<string>;
	/** One commit more on a branch. @returns its id */
	write(change: Change): Promise<string>;
}
