import type { BuildFacts, Facts, Kind, Metadata } from './facts.ts';

/** What the files of one ecosystem say about the project. */
export interface Part extends BuildFacts, Pick<Facts, 'suggested' | 'notes'> {
	/** undefined: it describes the project, but nothing of it is released (a private package.json). */
	readonly kind: Kind | undefined;
	readonly metadata: Metadata;
	/** Where a package.json speaks for the project at every release: what it says by itself. */
	readonly manifest?: {
		readonly name?: string | undefined;
		readonly version?: string | undefined;
		readonly maintainer?: string | undefined;
	};
	readonly npm?: { readonly names: readonly string[]; readonly packages: readonly string[] | undefined };
	/** OWNER/REPO on GitHub. */
	readonly repository?: string | undefined;
}
