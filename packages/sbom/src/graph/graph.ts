import type { DependencyKind, Hash, Licence, Link, Supplier } from '../model/sbom.ts';

/** Where the bytes of a package come from. */
export type Origin = 'registry' | 'workspace' | 'git' | 'tarball' | 'file';

export interface Edge {
	/** Id of a node. */
	readonly to: string;
	readonly kind: DependencyKind;
}

/** One package as a lockfile or an installed tree places it. */
export interface PackageNode {
	/** The place in its source; unique there. */
	readonly id: string;
	/** The package's own name, whatever alias it is installed under. */
	readonly name: string;
	readonly version?: string | undefined;
	readonly origin: Origin;
	/** The address or path it was resolved to, as the lockfile writes it. */
	readonly resolved?: string | undefined;
	readonly hashes: readonly Hash[];
	readonly licence?: Licence | undefined;
	readonly supplier?: Supplier | undefined;
	readonly description?: string | undefined;
	readonly links: readonly Link[];
	/** Lies inside another package's tarball. */
	readonly bundled?: boolean | undefined;
	readonly edges: readonly Edge[];
}

/** A dependency that the source names but does not place. */
export interface Unresolved {
	readonly from: string;
	readonly name: string;
	/** As the manifest asks for it. */
	readonly range: string;
}

/** What every source is read into: packages by place, and the folders of the project's own packages. */
export interface PackageGraph {
	/** For people and notes: "package-lock.json", "pnpm-lock.yaml". */
	readonly source: string;
	readonly nodes: ReadonlyMap<string, PackageNode>;
	/** Node ids of the project's own packages, by folder relative to the lockfile ("" is the folder itself). */
	readonly importers: ReadonlyMap<string, string>;
	readonly unresolved: readonly Unresolved[];
	/** Sentences about what the source could not tell. */
	readonly notes: readonly string[];
}
