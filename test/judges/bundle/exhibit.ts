import type { BundleKind, StatementKind } from './kinds.ts';
import type { Tampering } from './tampering.ts';

/** A bundle in a file, and what a judge is told to hold it against. */
export interface Exhibit {
	readonly statement: StatementKind;
	readonly kind: BundleKind;
	readonly tampering: Tampering | 'as made';
	readonly file: string;
	readonly predicateType: string;
	/** The file that the statement is held against. */
	readonly subject: SubjectFile;
	readonly expected: ExpectedSigner;
}

export interface SubjectFile {
	readonly file: string;
	readonly algorithm: 'sha256' | 'sha512';
	readonly digest: string;
	/** Bytes. */
	readonly size: number;
}

/** Whom a judge is to believe: an identity at an issuer, or a key. */
export interface ExpectedSigner {
	readonly identity: string;
	readonly issuer: string;
	/** PEM file; undefined: keyless. */
	readonly publicKeyFile: string | undefined;
}

/** One statement signed twice: by whom it should be, and by somebody else in the same way. */
export interface SignedPair {
	readonly statement: StatementKind;
	readonly kind: BundleKind;
	readonly bundle: Uint8Array;
	readonly other: Uint8Array;
	readonly expected: ExpectedSigner;
}
