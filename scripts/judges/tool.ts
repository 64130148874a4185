/** Something that is installed once and stays as long as its stamp fits. */
export interface Tool {
	readonly name: string;
	/** What is asked for, with its version. */
	readonly what: string;
	/** Digest of all that the installed thing depends on. */
	readonly stamp: string;
	isInstalled(): boolean;
	install(): Promise<void>;
}
