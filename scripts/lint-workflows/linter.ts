import type { LintedFile } from './files.ts';

/** One thing that a linter does not like. */
export interface Complaint {
	readonly path: string;
	readonly line: number;
	readonly message: string;
}

/** A program of others that judges workflow files; nothing it says is passed over. */
export interface Linter {
	readonly name: string;
	/** @throws Error when it could not judge */
	lint(files: readonly LintedFile[]): Promise<readonly Complaint[]>;
}
