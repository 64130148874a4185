import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { trimEndOf } from '@slipway/core';
import { PREDICATE_TYPES, STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import { toNpmPurl } from './provenance-check.ts';
import type { Candidate } from './publish-document.ts';

const PUBLISH_TYPE = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

/** One item of the reply to GET /-/npm/v1/attestations/NAME@VERSION. */
export interface Attestation {
	readonly predicateType: string;
	readonly bundle: Bundle;
}

interface Bundle {
	readonly mediaType: string;
	readonly verificationMaterial: object;
	readonly dsseEnvelope: {
		readonly payload: string;
		readonly payloadType: string;
		readonly signatures: readonly { readonly sig: string; readonly keyid?: string }[];
	};
}

/** The key with which the registry says that it published something. */
export interface RegistryKey {
	/** An item of GET /-/npm/v1/keys. */
	readonly entry: { readonly keyid: string; readonly [field: string]: string | null };
	sign(bytes: Uint8Array): Buffer;
}

export const makeRegistryKey = (): RegistryKey => {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const der = publicKey.export({ type: 'spki', format: 'der' });
	const keyid = `SHA256:${trimEndOf(createHash('sha256').update(der).digest('base64'), '=')}`;
	return {
		entry: {
			expires: null,
			keyid,
			keytype: 'ecdsa-sha2-nistp256',
			scheme: 'ecdsa-sha2-nistp256',
			key: der.toString('base64'),
		},
		sign: (bytes) => sign('sha256', bytes, privateKey),
	};
};

/** npm/attestation, specs/publish/v0.1: still a statement of in-toto 0.1, in a bundle of 0.2, with the key's name as hint. */
const toPublishAttestation = (
	{ manifest, tarball }: Candidate,
	{ registry, key }: { readonly registry: string; readonly key: RegistryKey },
): Attestation => {
	const { name, version } = manifest;
	const sha512 = createHash('sha512').update(tarball).digest('hex');
	const payload = Buffer.from(
		JSON.stringify({
			_type: 'https://in-toto.io/Statement/v0.1',
			subject: [{ name: toNpmPurl(name, version), digest: { sha512 } }],
			predicateType: PUBLISH_TYPE,
			predicate: { name, version, registry },
		}),
	);
	const { keyid } = key.entry;
	const sig = key.sign(toPae(STATEMENT_PAYLOAD_TYPE, payload)).toString('base64');
	return {
		predicateType: PUBLISH_TYPE,
		bundle: {
			mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
			verificationMaterial: {
				publicKey: { hint: keyid },
				tlogEntries: [],
				timestampVerificationData: { rfc3161Timestamps: [] },
			},
			dsseEnvelope: {
				payload: payload.toString('base64'),
				payloadType: STATEMENT_PAYLOAD_TYPE,
				signatures: [{ sig, keyid }],
			},
		},
	};
};

/**
 * What becomes of the provenance that came with a version. drop: it is lost. replace: another one about the same bytes
 * takes its place, as clients once did (npm/cli 9879). add: another one lies beside it. strange: one about other bytes
 * takes its place.
 */
export type ProvenanceTreatment = 'keep' | 'drop' | 'replace' | 'add' | 'strange';

/** The same bundle around a changed statement: as well formed as ours, and not ours. */
const toOther = (bundle: Bundle, change: (statement: Record<string, unknown>) => object): Bundle => {
	const payload = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
	const other = Buffer.from(JSON.stringify({ ...payload, ...change(payload) })).toString('base64');
	return { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: other } };
};

const toRebuilt = (bundle: Bundle): Bundle =>
	toOther(bundle, ({ predicate }) => ({
		predicate: { ...(predicate as object), runDetails: { builder: { id: 'urn:example:another-builder' } } },
	}));

const toStrange = (bundle: Bundle): Bundle =>
	toOther(bundle, () => ({
		subject: [{ name: 'pkg:npm/strange@1.0.0', digest: { sha512: '0'.repeat(128) } }],
	}));

const TREATMENTS: Readonly<Record<ProvenanceTreatment, (bundle: Bundle) => readonly Bundle[]>> = {
	keep: (bundle) => [bundle],
	drop: () => [],
	replace: (bundle) => [toRebuilt(bundle)],
	add: (bundle) => [bundle, toRebuilt(bundle)],
	strange: (bundle) => [toStrange(bundle)],
};

interface Registry {
	/** Its address. */
	readonly registry: string;
	readonly key: RegistryKey;
	readonly treatment: ProvenanceTreatment;
}

/** What lies with an accepted version: the registry's own attestation and the provenance; nothing without provenance. */
export const toAttestations = (candidate: Candidate, registry: Registry): readonly Attestation[] => {
	if (candidate.bundle === undefined) return [];
	const bundles = TREATMENTS[registry.treatment](JSON.parse(candidate.bundle));
	if (bundles.length === 0) return [];
	const provenance = bundles.map((bundle) => ({ predicateType: PREDICATE_TYPES.provenance, bundle }));
	return [toPublishAttestation(candidate, registry), ...provenance];
};
