/** Names as CycloneDX writes them; SPDX has the same without the hyphen. */
export type HashAlgorithm = 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface Hash {
	readonly algorithm: HashAlgorithm;
	/** Lower-case hexadecimal digits. */
	readonly value: string;
}

/** CycloneDX, `scope`: needed at run time; used where it is there; only for development, not shipped. */
export type Scope = 'required' | 'optional' | 'excluded';

/** Who made or distributes a component, from a manifest or a packument and from nowhere else. */
export interface Supplier {
	readonly kind: 'person' | 'organization';
	readonly name: string;
	readonly email?: string | undefined;
	readonly url?: string | undefined;
}

/** An SPDX expression, or the words of a manifest that are none, with the text they point to where it was found. */
export type Licence =
	| { readonly kind: 'expression'; readonly expression: string }
	| { readonly kind: 'named'; readonly name: string; readonly text?: string | undefined };

export type LinkType = 'distribution' | 'vcs' | 'website' | 'issue-tracker';

export interface Link {
	readonly type: LinkType;
	/** Without user name and password. */
	readonly url: string;
}

/** The file that carries a component, as BSI TR-03183-2 wants it told. */
export interface CarrierFile {
	readonly name: string;
	readonly executable: boolean;
	readonly archive: boolean;
	readonly structured: boolean;
}

export type ComponentType =
	| 'application'
	| 'library'
	| 'framework'
	| 'file'
	| 'operating-system'
	| 'container';

/** One thing an SBOM lists. Texts are foreign: whoever prints them escapes them. */
export interface Component {
	/** Unique in its SBOM, the same on every run: the purl where there is one. */
	readonly ref: string;
	readonly type: ComponentType;
	/** npm: the scope, "@acme". */
	readonly group?: string | undefined;
	readonly name: string;
	readonly version?: string | undefined;
	readonly purl?: string | undefined;
	readonly description?: string | undefined;
	readonly scope: Scope;
	readonly hashes: readonly Hash[];
	readonly licence?: Licence | undefined;
	readonly supplier?: Supplier | undefined;
	readonly links: readonly Link[];
	readonly file?: CarrierFile | undefined;
	/** Supplied by the system where the root is installed: no part of the delivery, its version is chosen there. */
	readonly external?: boolean | undefined;
	/** Lies inside the bytes of the root (a bundled dependency), and is not fetched by whoever installs it. */
	readonly bundled?: boolean | undefined;
	/** Further facts; sorted by name when written. */
	readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** How one component needs another. */
export type DependencyKind = 'runtime' | 'optional' | 'development';

export interface Dependency {
	readonly from: string;
	readonly to: string;
	readonly kind: DependencyKind;
}

/** A file inside the root, for formats that hold installed files (.deb). */
export interface ContainedFile {
	/** Relative, without a leading slash. */
	readonly path: string;
	/** SHA-1, SHA-256 and SHA-512 (SPDX 2.3, 8.4 demands SHA-1). */
	readonly hashes: readonly Hash[];
	readonly executable: boolean;
}

/** The one model behind both formats: everything sorted, every reference resolved. */
export interface Sbom {
	readonly root: Component;
	/** Without the root, sorted by ref. */
	readonly components: readonly Component[];
	/** Sorted by from, to. */
	readonly dependencies: readonly Dependency[];
	/** Sorted by path. */
	readonly files: readonly ContainedFile[];
	/** sha256 of what this SBOM is bound to (the artifact, the lockfile): the serial number and namespace derive from it. */
	readonly digest: string;
	/** Seconds since 1970 (SOURCE_DATE_EPOCH). */
	readonly epoch: number;
	readonly tool: { readonly name: string; readonly version: string };
	/** False where the source could not say all: no lockfile, a dependency that resolves to nothing. */
	readonly complete: boolean;
	/** What a reader should know about the source, one sentence each; sorted. */
	readonly notes: readonly string[];
}
