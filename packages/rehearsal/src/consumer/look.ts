/** A subject as a user of a target names it. */
export interface Wanted {
	readonly name: string;
	/** npm: the dist-tag; apt: the suite; GitHub: `latest`, or the tag. */
	readonly pointer: string;
	/** apt: the architecture to ask for. */
	readonly architecture?: string | undefined;
	/** GitHub: what stands before the version in a tag, and the file to look at as it is called in this version. */
	readonly file?: { readonly tagPrefix: string; readonly name: string; readonly version: string } | undefined;
}

/** What a real client got. */
export interface Look {
	/** The version that the default resolves to; null: none. */
	readonly version: string | null;
	/** sha256 (hexadecimal) of the bytes that were downloaded; null: nothing was. */
	readonly sha256: string | null;
	readonly size: number;
	/** Name and version of the client. */
	readonly client: string;
}

/** Where a look happens: a folder that is empty and is used once. */
export interface Place {
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
}
