import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '@slipway/archive';
import { toCanonicalJson } from '@slipway/core';
import { findPredicateKind, type PredicateKind, type Statement } from '@slipway/core/attestation';
import { type OwnBundle, readOwnBundle } from '../bundle/read-own-bundle.ts';
import type { OwnKey } from '../key/key-signer.ts';
import type { WantedBundle } from './wanted-bundles.ts';

/** Who signs in this run: bundles of others are made anew. */
export type ExpectedSigner =
	/** `identity` is undefined where the rule of its issuer is not known. */
	| { readonly kind: 'certificate'; readonly identity: string | undefined }
	| ({ readonly kind: 'key' } & Pick<OwnKey, 'hint' | 'publicKey'>);

/** A bundle in a Release, as reports name it. */
export interface BundleFacts {
	/** Path in the Release. */
	readonly path: string;
	readonly kind: PredicateKind | undefined;
	readonly subjects: number;
	/** The certificate's identity, or the hint of the key. */
	readonly signer: string;
	/** In the transparency logs; empty where there is none. */
	readonly logIndexes: readonly string[];
	readonly digest: { readonly sha256: string };
}

export const toBundleFacts = (
	path: string,
	{ statement, signer, logIndexes, sha256 }: OwnBundle,
): BundleFacts => ({
	path,
	kind: findPredicateKind(statement.predicateType),
	subjects: statement.subject.length,
	signer: signer.kind === 'key' ? signer.hint : signer.identity,
	logIndexes,
	digest: { sha256 },
});

const isBySame = ({ signer }: OwnBundle, expected: ExpectedSigner): boolean => {
	if (signer.kind === 'key') return expected.kind === 'key' && signer.hint === expected.hint;
	return expected.kind === 'certificate' && (expected.identity ?? signer.identity) === signer.identity;
};

/** A later attempt of the same run has nothing else to say of where the bytes come from. */
const toComparable = ({ predicateType, subject, predicate }: Statement): string => {
	const { runDetails, ...rest } = predicate as { readonly runDetails?: { readonly builder?: object } };
	const compared = runDetails === undefined ? predicate : { ...rest, builder: runDetails.builder };
	return toCanonicalJson({ predicateType, subject, predicate: compared });
};

interface HeldRequest {
	readonly wanted: WantedBundle;
	readonly statement: Statement;
	readonly expected: ExpectedSigner;
	readonly verify: ((bundle: Uint8Array) => unknown) | undefined;
}

/** Anybody can write a certificate with any name in it: what it is worth is known where the authority's keys are. */
const holds = async (bytes: Uint8Array, verify: HeldRequest['verify']): Promise<boolean> => {
	try {
		await verify?.(bytes);
		return true;
	} catch {
		return false;
	}
};

/** The bundle that lies there already, where it says what is wanted and is signed by who signs now. */
export const findHeld = async (
	{ folder }: Pick<Release, 'folder'>,
	{ wanted, statement, expected, verify }: HeldRequest,
): Promise<BundleFacts | undefined> => {
	const bytes = await readFile(join(folder, wanted.path)).catch(() => undefined);
	const own = bytes && readOwnBundle(bytes, expected.kind === 'key' ? expected : undefined);
	if (!own || !isBySame(own, expected) || toComparable(own.statement) !== toComparable(statement))
		return undefined;
	return (await holds(bytes, verify)) ? toBundleFacts(wanted.path, own) : undefined;
};

/** Removes bundles whose reason is gone. @returns their paths */
export const removeStale = async (
	{ folder }: Pick<Release, 'folder'>,
	isStale: (path: string) => boolean,
): Promise<string[]> => {
	const names = await readdir(join(folder, 'attestations')).catch(() => []);
	const stale = names
		.map((name) => `attestations/${name}`)
		.filter(isStale)
		.sort();
	for (const path of stale) await rm(join(folder, path), { force: true });
	return stale;
};
