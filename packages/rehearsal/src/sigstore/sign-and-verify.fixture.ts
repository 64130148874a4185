import { createHash } from 'node:crypto';
import { bundleFromJSON, bundleToJSON, type SerializedBundle } from '@sigstore/bundle';
import { TransparencyLogEntry, TrustedRoot } from '@sigstore/protobuf-specs';
import {
	DSSEBundleBuilder,
	FulcioSigner,
	MessageSignatureBundleBuilder,
	RekorWitness,
	TSAWitness,
	type Witness,
} from '@sigstore/sign';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { toPae } from '@slipway/core/attestation';
import type { Claims } from './issuer/claims.ts';
import type { LocalSigstore } from './start-sigstore.ts';

const RETRY = { retries: 0 };
const TIMEOUT = 5000;

/** Logs the digest of an envelope's pre-authentication encoding in Rekor v2, as the servers of today take it. */
const toRekorV2Witness = (url: string): Witness => ({
	testify: async (content, pem) => {
		if (content.$case !== 'dsseEnvelope') throw new TypeError('expected an envelope');
		const { payloadType, payload, signatures } = content.dsseEnvelope;
		const digest = createHash('sha256').update(toPae(payloadType, payload)).digest('base64');
		const rawBytes = pem.replace(/-----[^-]+-----|\s/g, '');
		const verifier = { x509Certificate: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
		const signature = { content: signatures[0]?.sig.toString('base64'), verifier };
		const body = JSON.stringify({ hashedRekordRequestV002: { digest, signature } });
		const reply = await fetch(`${url}/api/v2/log/entries`, { method: 'POST', body });
		if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
		const { logId, kindVersion, ...entry } = TransparencyLogEntry.fromJSON(await reply.json());
		if (!logId || !kindVersion) throw new Error('expected an entry with a log and a kind');
		return { tlogEntries: [{ ...entry, logId, kindVersion }] };
	},
});

export type WitnessName = 'rekor' | 'intoto' | 'rekor-v2' | 'tsa';

const toWitness = (name: WitnessName, { url }: LocalSigstore): Witness => {
	const options = { rekorBaseURL: url, timeout: TIMEOUT, retry: RETRY };
	if (name === 'rekor') return new RekorWitness(options);
	if (name === 'intoto') return new RekorWitness({ ...options, entryType: 'intoto' });
	if (name === 'rekor-v2') return toRekorV2Witness(url);
	return new TSAWitness({ tsaBaseURL: url, timeout: TIMEOUT, retry: RETRY });
};

export interface Signing {
	readonly witnesses: readonly WitnessName[];
	readonly claims?: Claims;
	readonly payload?: string;
	readonly form?: 'envelope' | 'message';
}

/** A bundle of `@sigstore/sign`, through JSON. */
export const signWith = async (
	sigstore: LocalSigstore,
	{ witnesses, claims, payload = '{"hello":"world"}', form = 'envelope' }: Signing,
): Promise<SerializedBundle> => {
	const signer = new FulcioSigner({
		fulcioBaseURL: sigstore.url,
		identityProvider: { getToken: async () => sigstore.token(claims) },
		timeout: TIMEOUT,
		retry: RETRY,
	});
	const asked = witnesses.map((name) => toWitness(name, sigstore));
	const data = Buffer.from(payload);
	const bundle =
		form === 'message'
			? await new MessageSignatureBundleBuilder({ signer, witnesses: asked }).create({ data })
			: await new DSSEBundleBuilder({ signer, witnesses: asked }).create({
					data,
					type: 'application/vnd.in-toto+json',
				});
	return bundleToJSON(bundle);
};

export interface Verifying {
	readonly logs?: number;
	readonly timestamps?: number;
	readonly artifact?: string;
}

/** Verifies with `@sigstore/verify`: certificate log, transparency logs and times by the given thresholds. */
export const verifyWith = (
	sigstore: LocalSigstore,
	bundle: SerializedBundle,
	{ logs = 1, timestamps = 1, artifact }: Verifying = {},
) => {
	const trust = toTrustMaterial(TrustedRoot.fromJSON(sigstore.trustedRoot));
	const verifier = new Verifier(trust, {
		ctlogThreshold: 1,
		tlogThreshold: logs,
		timestampThreshold: timestamps,
	});
	const entity = toSignedEntity(
		bundleFromJSON(bundle),
		artifact === undefined ? undefined : Buffer.from(artifact),
	);
	return verifier.verify(entity);
};
