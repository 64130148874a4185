/** Who signed one file, when and where from, as a verification found it. */
export interface ChainSignature {
	/** Path of the bundle. */
	readonly path: string;
	/** Subject alternative name of the certificate, or the key's name. */
	readonly identity: string;
	readonly issuer: string | null;
	/** RFC 3339; null where nothing proves a time. */
	readonly signedAt: string | null;
	/** Repository, ref and run that the certificate names. */
	readonly repository: string | null;
	readonly ref: string | null;
	readonly commit: string | null;
	readonly run: string | null;
	readonly runner: string | null;
}

/** One stage of a release and its signed record. */
export interface ChainStage {
	readonly name: string;
	/** Path of its record. */
	readonly path: string;
	/** Of the record. */
	readonly sha256: string;
	/** Tool and platform in words. */
	readonly tool: string;
	/** RFC 3339. */
	readonly start: string;
	readonly end: string;
	readonly inputs: number;
	readonly outputs: number;
	/** Digests of the records it names. */
	readonly follows: readonly { readonly path: string; readonly sha256: string }[];
	readonly signature: ChainSignature | null;
}

/** The chain of one release as a consumer verified it. */
export interface RehearsalChain {
	readonly project: string;
	/** How it was verified, in words. */
	readonly verifiedWith: string;
	/** The process had no network at all. */
	readonly offline: boolean;
	/** sha256 of the policy's bytes. */
	readonly policy: string;
	readonly artifacts: readonly {
		readonly name: string;
		readonly sha256: string;
		/** Kinds of attestations that speak of it. */
		readonly attestations: readonly string[];
	}[];
	readonly stages: readonly ChainStage[];
	/** Signatures in all. */
	readonly signatures: number;
}

/** One change to a copy of a release, and how the copy was refused. */
export interface RehearsalTampering {
	readonly project: string;
	readonly id: string;
	/** What was done, in a few words. */
	readonly what: string;
	readonly code: string;
	/** Names the link. */
	readonly message: string;
}
