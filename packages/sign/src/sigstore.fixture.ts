import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import type { LocalSigstore } from '@slipway/rehearsal/sigstore';
import { testContext } from '@slipway/testing';
import { parseSigningConfig, type SigningConfig } from './services/signing-config.ts';
import { openSigner, type SignerOptions, type StatementSigner } from './statement-signer.ts';

/** Real time, but nobody waits for it. */
export const toContext = () => {
	const waits: number[] = [];
	const clock = {
		now: () => Date.now(),
		sleep: async (ms: number) => {
			waits.push(ms);
			await new Promise((resolve) => setTimeout(resolve, Math.min(ms, 2)));
		},
	};
	return { ...testContext('', clock), waits };
};

export type Witnessing = 'v1' | 'v1 alone' | 'v2' | 'tsa' | 'none';

/** The services of a local Sigstore, some of them left out. */
export const toServices = (sigstore: LocalSigstore, witnessing: Witnessing): SigningConfig => {
	const config = witnessing === 'v2' ? sigstore.signingConfigV2 : sigstore.signingConfig;
	const noLog = witnessing === 'tsa' || witnessing === 'none' ? { rekorTlogUrls: [] } : {};
	const noTimestamp = witnessing === 'v1 alone' || witnessing === 'none' ? { tsaUrls: [] } : {};
	return parseSigningConfig(JSON.stringify({ ...config, ...noLog, ...noTimestamp }));
};

export const openKeyless = (
	sigstore: LocalSigstore,
	witnessing: Witnessing = 'v1',
	options: Partial<Extract<SignerOptions, { identityToken: unknown }>> = {},
): Promise<StatementSigner> =>
	openSigner({
		services: toServices(sigstore, witnessing),
		context: toContext(),
		identityToken: async () => sigstore.token(),
		...options,
	} as SignerOptions);

/** A statement about one made-up file. */
export const toTestStatement = (number = 0): Statement =>
	toStatement(
		PREDICATE_TYPES.provenance,
		[{ name: `file-${number}`, digest: { sha256: number.toString(16).padStart(64, '0') } }],
		{ number },
	);

export const toJson = (bundle: Uint8Array) => JSON.parse(Buffer.from(bundle).toString('utf8'));

export interface Verifying {
	readonly logs: number;
	readonly timestamps: number;
	/** PEM, for a plain key. */
	readonly publicKey?: string;
}

/** Verifies with the library that npm verifies with. @throws its VerificationError or PolicyError */
export const verifyWithLibrary = (
	sigstore: LocalSigstore,
	bundle: Uint8Array,
	{ logs, timestamps, publicKey }: Verifying = { logs: 1, timestamps: 1 },
) => {
	const root = TrustedRoot.fromJSON(sigstore.trustedRoot);
	const key = publicKey && { publicKey: createPublicKey(publicKey), validFor: () => true };
	const trust = key ? toTrustMaterial(root, () => key) : toTrustMaterial(root);
	const thresholds = { tlogThreshold: logs, timestampThreshold: timestamps, ctlogThreshold: key ? 0 : 1 };
	return new Verifier(trust, thresholds).verify(toSignedEntity(bundleFromJSON(toJson(bundle))));
};
