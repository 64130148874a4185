/** What a finished child process left behind. A null `code` (killed) is a failure. */
export interface Finished {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface RunOptions {
	readonly cwd: string;
	/** The whole environment of the child: nothing is inherited silently. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly input?: Uint8Array | string;
	/** Default 10 min; then the child's whole process group is ended. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
	/** Kept of each stream, the end wins. Default 1 MiB. */
	readonly maxOutputBytes?: number;
	/** Secrets to blank out of stdout and stderr. */
	readonly redact?: readonly string[];
	readonly onLine?: (line: string) => void;
}
