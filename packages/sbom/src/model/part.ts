import type { Component, Dependency } from './sbom.ts';

/** Stands for the root in the dependencies of a part, whose root is only known when the SBOM is made. */
export const ROOT = '';

/** What one source (a lockfile, the fields of a .deb, a ready SBOM) has to say below a root. */
export interface SbomPart {
	readonly components: readonly Component[];
	/** By the refs of `components`, and ROOT. */
	readonly dependencies: readonly Dependency[];
	readonly complete: boolean;
	readonly notes: readonly string[];
}
